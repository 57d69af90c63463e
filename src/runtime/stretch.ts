import type { Clock } from '../ports/clock.js'

/** Longest stretch of work without giving the platform its turn, in milliseconds. */
const LONGEST_STRETCH_MS = 8

/**
 * Work of many services that goes on from promise to promise would keep the platform from its own (I/O, timers,
 * painting, forgetting what nobody holds): every so often it must wait for a turn.
 */
export class Stretch {
  #beganMs: number | undefined
  /** What waits for the platform's turn, in the order in which it came. */
  readonly #waiting = new Set<() => void>()

  constructor(private readonly clock: Clock) {}

  /** Runs at once, or after the platform had its turn where the stretch has been long enough, and after all that waits for that. */
  go(run: () => void): void {
    if (this.#isLong() || this.#waiting.size > 0) this.#waiting.add(run)
    else run()
  }

  /** What comes of the work, which is done as `go` says: a promise that resolves in between would have all others go before it is done. */
  turn<T>(work: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.go(() => {
        try {
          resolve(work())
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  #isLong(): boolean {
    const nowMs = this.clock.now()
    if (this.#beganMs === undefined) {
      this.#beganMs = nowMs
      this.clock.yieldThen(() => this.#goOn())
    }
    // A clock that was set back tells nothing of how long it was.
    return Math.abs(nowMs - this.#beganMs) >= LONGEST_STRETCH_MS
  }

  #goOn(): void {
    this.#beganMs = undefined
    for (const run of this.#waiting) {
      if (this.#isLong()) break
      this.#waiting.delete(run)
      run()
    }
  }
}
