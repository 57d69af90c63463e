import type { VerifyOptions } from 'tardigrade/testing'
import type { EventObject } from 'xstate'
import { tokenOf } from '../../../src/testing/plans/token.js'
import { Twins } from '../../../src/testing/plans/twins.js'
import { Run } from '../../../src/testing/run.js'
import { search } from '../../../src/testing/search.js'
import { sourceOf } from '../../../src/testing/source.js'
import { worldOf } from '../../../src/testing/subject.js'
import { Random } from '../../crash/random.js'
import type { Subject } from '../../interruption/subjects.js'

/** The ways in which the kit makes plans. */
export const MODES = ['random', 'exhaustive', 'crashPoints'] as const

export type Mode = (typeof MODES)[number]

/** Ends a search: an exhaustive one of some machines has thousands of plans. */
class Enough extends Error {}

/** Events that JSON can hold, and such as it cannot, of which a token is of version 2. */
function eventsOf({ types }: Subject, random: Random): readonly EventObject[] {
  return types.map((type) => {
    const n = random.below(1000)
    return random.below(2) === 0
      ? { type }
      : { type, data: { at: new Date(n), of: new Map([[n, BigInt(n)]]) } }
  })
}

/** What a search of this mode is given; events, sequences and plans are chosen by the seed. */
export function optionsFor(subject: Subject, mode: Mode, seed: number): VerifyOptions {
  const random = new Random(seed)
  const events = eventsOf(subject, random)
  const { actors } = subject
  if (mode === 'random') return { actors, events, seed, mostSteps: 8 }
  if (mode === 'exhaustive') return { actors, mode, events, depth: 1 }
  const sequence = Array.from({ length: 3 }, () =>
    random.below(3) === 0
      ? ({ do: 'advance', ms: 1 + random.below(100) } as const)
      : (events[random.below(events.length)] ?? { type: 'A' }),
  )
  return { actors, mode, sequences: [sequence] }
}

/** The tokens of so many plans that the kit makes in this mode, as it makes them. */
export async function tokensOf(
  subject: Subject,
  mode: Mode,
  seed: number,
  most: number,
): Promise<readonly string[]> {
  const definition = subject.define()
  const options = optionsFor(subject, mode, seed)
  const world = worldOf(definition, options)
  const tokens = new Set<string>()
  const run = new Run(world, new Twins(world), (plan) => {
    tokens.add(tokenOf(definition.id, plan, definition))
    if (tokens.size === most) throw new Enough()
  })
  try {
    await search(run, sourceOf(definition, options), options)
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  }
  return [...tokens]
}
