import type { Clock } from '../ports/clock.js'

/** Longest stretch of work without giving the platform its turn, in milliseconds. */
const LONGEST_STRETCH_MS = 8

/**
 * Work of many services that goes on from promise to promise would keep the platform from its own (I/O, timers,
 * painting, forgetting what nobody holds): every so often it must wait for a turn.
 */
export class Stretch {
  #beganMs: number | undefined

  constructor(private readonly clock: Clock) {}

  /** Runs at once, or after the platform had its turn where the stretch has been long enough. */
  go(run: () => void): void {
    if (this.#beganMs === undefined) {
      this.#beganMs = this.clock.now()
      this.clock.yieldThen(() => {
        this.#beganMs = undefined
      })
    }
    // A clock that was set back tells nothing of how long it was.
    if (Math.abs(this.clock.now() - this.#beganMs) < LONGEST_STRETCH_MS) run()
    else this.clock.yieldThen(run)
  }
}
