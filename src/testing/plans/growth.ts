import { platformTurn } from '../platform-turn.js'
import type { AuthorStep } from './steps.js'
import type { Twins } from './twins.js'

/** Rounds that are tried first; then twice as many, and so on. */
const FIRST_ROUNDS = 4

/**
 * Whether one of those steps again and again, or all of them in turn, leads to more states than that. Each state is found in
 * one way, where a search for the nearest goes every way to each from the beginning.
 */
export async function growsBeyond(
  mostStates: number,
  twins: Twins,
  steps: readonly AuthorStep[],
): Promise<boolean> {
  for (const round of [steps, ...steps.map((step) => [step])]) {
    // What fails on the way is told where the nearest way to it is found.
    if (await growsBy(round, mostStates, twins).catch(() => false)) return true
  }
  return false
}

async function growsBy(round: readonly AuthorStep[], mostStates: number, twins: Twins): Promise<boolean> {
  for (let rounds = FIRST_ROUNDS; rounds <= 2 * mostStates + FIRST_ROUNDS; rounds *= 2) {
    await platformTurn()
    const ids = (await twins.along(Array.from({ length: rounds }, () => round).flat())).map(({ id }) => id)
    const states = new Set(ids).size
    if (states > mostStates) return true
    // The last round has led to no new one.
    if (new Set(ids.slice(0, -round.length)).size === states) return false
  }
  return false
}
