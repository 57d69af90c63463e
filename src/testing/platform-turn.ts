/** As they were when the kit was loaded: an author's test may put a clock of its own in their place. */
const later: (run: () => void) => unknown = typeof setImmediate === 'function' ? setImmediate : setTimeout
const nowMs = performance.now.bind(performance)

/** Longest stretch of work without giving the platform its turn, in milliseconds. */
const LONGEST_STRETCH_MS = 8

let lastMs = Number.NEGATIVE_INFINITY

/**
 * Gives the platform its turn, when it had none for a while. The kit goes on from promise to promise for as long as it has
 * plans: without it nobody could interrupt it, and nothing that was held weakly would be forgotten.
 */
export async function platformTurn(): Promise<void> {
  if (nowMs() - lastMs < LONGEST_STRETCH_MS) return
  await new Promise<void>((resolve) => void later(resolve))
  lastMs = nowMs()
}

let turn = 0
let counting = false

/** Which turn of the platform it is: the same number as long as one promise follows another. */
export function platformTurnNumber(): number {
  if (!counting) {
    counting = true
    later(() => {
      turn++
      counting = false
    })
  }
  return turn
}
