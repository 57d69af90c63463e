import type { Watch } from '../watch.js'
import { wokenUp } from '../woken.js'
import { every, type World } from './world.js'

/** How often the clock is looked at, in ms. */
export const LOOK_AT_CLOCK_MS = 5000

/**
 * `frozen`, for a moment, when the process goes on after it had stood still, since the machine slept, or the process was stopped:
 * every service looks at once whether it is still the owner, and makes its connections anew. No platform tells; the clock does,
 * which is further on than a timer has waited.
 */
export function watchSleep(leastMs: number, world: World): Watch {
  return (sink) => {
    let last = world.clock.now()
    return every(world, LOOK_AT_CLOCK_MS, () => {
      const now = world.clock.now()
      const stoodStillMs = now - last - LOOK_AT_CLOCK_MS
      last = now
      if (stoodStillMs >= leastMs) wokenUp(sink)
    })
  }
}
