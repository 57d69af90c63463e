import { platformTurn } from '../platform-turn.js'
import type { AuthorStep } from './steps.js'
import type { Twins } from './twins.js'

/** Rounds that are tried first; then twice as many, and so on. */
const FIRST_ROUNDS = 4

/** Of so many steps two and two are tried: their number grows with the square. */
const MOST_PAIRED = 30

/** What leads to ever new states. */
export interface Growth {
  /** What comes again and again. */
  readonly round: readonly AuthorStep[]
  /** It, so often that there are too many of them. */
  readonly steps: readonly AuthorStep[]
}

/**
 * What leads to more states than that: one or two of those again and again, or all of them in turn. Each state is found in
 * one way, where a search for the nearest goes every way to each from the beginning.
 */
export async function growsBeyond(
  mostStates: number,
  twins: Twins,
  steps: readonly AuthorStep[],
): Promise<Growth | undefined> {
  const pairs =
    steps.length > MOST_PAIRED
      ? []
      : steps.flatMap((one) => steps.flatMap((other) => (one === other ? [] : [[one, other]])))
  for (const round of [steps, ...steps.map((step) => [step]), ...pairs]) {
    // What fails on the way is told where the nearest way to it is found.
    const growing = await growsBy(round, mostStates, twins).catch(() => undefined)
    if (growing !== undefined) return { round, steps: growing }
  }
  return undefined
}

async function growsBy(
  round: readonly AuthorStep[],
  mostStates: number,
  twins: Twins,
): Promise<readonly AuthorStep[] | undefined> {
  for (let rounds = FIRST_ROUNDS; rounds <= 2 * mostStates + FIRST_ROUNDS; rounds *= 2) {
    await platformTurn()
    const steps = Array.from({ length: rounds }, () => round).flat()
    const ids = (await twins.along(steps)).map(({ id }) => id)
    const states = new Set(ids).size
    if (states > mostStates) return steps
    // The last round has led to no new one.
    if (new Set(ids.slice(0, -round.length)).size === states) return undefined
  }
  return undefined
}
