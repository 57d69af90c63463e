/** Time as the library sees it. `now` is milliseconds since 1970; timers take milliseconds up to 2^31 − 1. */
export interface Clock {
  now(): number
  /** A timer in the background keeps no process alive. */
  setTimer(run: () => void, delayMs: number, background?: boolean): unknown
  clearTimer(handle: unknown): void
  /** Runs `run` after the platform had a chance to do its own work (I/O, painting). */
  yieldThen(run: () => void): void
}
