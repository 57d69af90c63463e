import type { Clock } from '../ports/clock.js'

/** The platform's own clock and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer: (run, delayMs) => setTimeout(run, delayMs),
  // `setTimer` above made the handle.
  clearTimer: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
  yieldThen: (run) => {
    if (typeof setImmediate === 'function') setImmediate(run)
    else setTimeout(run, 0)
  },
}
