import { type ErrorFacts, TardigradeError } from './base.js'
import { ToldInLinesError } from './told-in-lines.js'

/** A promise of a port that an adapter does not keep. */
export interface BrokenPromise {
  /** The case of the contract. */
  readonly case: string
  /** What was found, and what is expected. */
  readonly problem: string
  /** Where to look. */
  readonly remedy: string
  /** The case before it that ended alike: what is mended there may mend this one, too. */
  readonly follows?: string
  /** What was thrown, where it was no finding of the suite’s own. */
  readonly cause?: unknown
}

/** An adapter does not keep its contract: `broken` lists every case that failed. */
export class ContractBrokenError extends ToldInLinesError {
  readonly code = 'CONTRACT_BROKEN'
  constructor(
    /** Which adapter, for people. */
    readonly adapter: string,
    readonly broken: readonly BrokenPromise[],
    /** Repeats what was tried at random. */
    readonly seed: number,
    /** How many cases there were. */
    cases: number,
    facts: ErrorFacts = {},
  ) {
    const told = broken
      .filter(({ follows }) => follows === undefined)
      .flatMap(({ case: name, problem, remedy }) => [
        `  ✗ ${name}\n    ${problem}\n    ${remedy}`,
        ...broken
          .filter(({ follows }) => follows === name)
          .map(({ case: other }) => `    ✗ ${other}\n      ends alike, and may follow from it`),
      ])
    super(
      `The ${adapter} breaks ${broken.length} of ${cases} cases of its contract:\n${told.join('\n')}`,
      `Mend them from the first on, one by one, with \`only\` set to their names, and \`seed: ${seed}\` for what was tried at random.`,
      facts,
    )
  }
}

/** A case was asked for that no contract has. */
export class UnknownCaseError extends TardigradeError {
  readonly code = 'UNKNOWN_CASE'
  constructor(
    readonly unknown: string,
    /** Where it stands in the options. */
    readonly path: string,
    known: readonly string[],
    /** The case that may have been meant. */
    readonly meant: string | undefined,
    facts: ErrorFacts = {},
  ) {
    const names = known.map((name) => `“${name}”`).join(', ')
    const remedy = meant === undefined ? 'one' : `“${meant}”, if that is meant, or another`
    super(`The contract has no case “${unknown}” (${path}).`, `Give ${remedy} of: ${names}.`, facts)
  }
}
