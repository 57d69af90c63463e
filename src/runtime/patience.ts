import type { Clock } from '../ports/clock.js'
import { LONGEST_TIMER_MS } from './clock.js'

/** How long nothing may come of what is waited for once its time is over: half of the second that hosts leave us. */
const STALL_MS = 500

/**
 * Waits for work that may hang: once `forMs` have passed, only as long as something comes of it.
 *
 * @param forMs how long it is waited for whatever comes of it, in ms; for ever where it is not given
 * @param progress how far the work has come; nobody knows where it is not given
 * @returns whether the work is done
 */
export async function awaitPatiently(
  clock: Clock,
  forMs: number | undefined,
  work: Promise<unknown>,
  progress = () => 0,
): Promise<boolean> {
  let timer: unknown
  let over = false
  const pass = (delayMs: number) =>
    new Promise<void>((resolve) => {
      if (!over) timer = clock.setTimer(resolve, Math.min(delayMs, LONGEST_TIMER_MS))
    })
  const stall = async (firstMs: number) => {
    await pass(firstMs)
    for (let seen = -1; seen !== progress(); ) {
      seen = progress()
      await pass(STALL_MS)
    }
    return false
  }
  try {
    const done = work.then(() => true)
    return await (forMs === undefined ? done : Promise.race([done, stall(forMs)]))
  } finally {
    over = true
    clock.clearTimer(timer)
  }
}
