import type { Clock } from '../ports/clock.js'

/** The platform's own clock and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(run, delayMs, background = false) {
    const timer: unknown = setTimeout(run, delayMs)
    // Node's own method: browsers answer with a number, which holds nothing alive.
    if (background) (timer as { unref?(): void }).unref?.()
    return timer
  },
  // `setTimer` above made the handle.
  clearTimer: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
  yieldThen: (run) => {
    // That of React Native comes before the platform has its turn (https://reactnative.dev/docs/timers).
    if (globalThis.process?.versions?.node === undefined) setTimeout(run, 0)
    else setImmediate(run)
  },
}
