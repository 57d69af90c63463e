import type { Mutant } from './mutant.js'
import type { Verdict } from './try.js'

/**
 * What became of one mutant. `survived` and `misfit` are faults of the tests or of the list. `hung` tells nothing: a machine that is
 * too busy ends so as well as a test that waits for ever, and none has failed.
 */
export interface Hunted {
  readonly mutant: Mutant
  readonly fate: 'killed' | 'survived' | 'misfit' | 'hung'
  readonly why: string
}

export const FATES: Readonly<Record<Verdict, Hunted['fate']>> = {
  failed: 'killed',
  hung: 'hung',
  passed: 'survived',
  'did not run': 'misfit',
}

/** How a hunt ends: only one that has killed each ends with 0. */
export function endOf(
  hunted: readonly Hunted[],
  chosen: number,
): { readonly line: string; readonly exitCode: 0 | 1 } {
  const count = (fate: Hunted['fate']) => hunted.filter((one) => one.fate === fate).length
  const others = (['survived', 'misfit', 'hung'] as const)
    .filter((fate) => count(fate) > 0)
    .map((fate) => `, ${count(fate)} ${fate}`)
  const killed = count('killed')
  return { line: `${killed} of ${chosen} killed${others.join('')}.`, exitCode: killed === chosen ? 0 : 1 }
}
