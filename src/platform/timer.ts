/** The longest time that a timer of the platform can hold, in ms: it takes what is longer for no time at all. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** What a timer can hold of a time: for what waits so long at most, or looks again when it comes. */
export function timerMs(ms: number): number {
  return Math.min(ms, LONGEST_TIMER_MS)
}

/** Timers of a platform, or of tests. */
interface Timers {
  setTimer(run: () => void, delayMs: number): unknown
  clearTimer(handle: unknown): void
}

const ofPlatform: Timers = {
  setTimer: (run, delayMs) => setTimeout(run, delayMs),
  // `setTimer` above made the handle.
  clearTimer: (handle) => clearTimeout(handle as ReturnType<typeof setTimeout>),
}

/** Runs it after a time of any length, in ms, with one timer after another; never after Infinity. Gives what ends the waiting. */
export function after(ms: number, run: () => void, timers: Timers = ofPlatform): () => void {
  let leftMs = ms
  let timer: unknown
  const wait = () => {
    const delayMs = timerMs(leftMs)
    leftMs -= delayMs
    timer = timers.setTimer(leftMs > 0 ? wait : run, delayMs)
  }
  wait()
  return () => timers.clearTimer(timer)
}
