import type { Clock } from '../ports/clock.js'

/** Longest stretch of work without giving the platform its turn, in milliseconds. */
const LONGEST_STRETCH_MS = 8

/**
 * Work of many services that goes on from promise to promise would keep the platform from its own (I/O, timers,
 * painting, forgetting what nobody holds): every so often it must wait for a turn.
 */
export class Stretch {
  #beganMs: number | undefined
  /** What waits for the platform's turn, each in the order in which it came: first what goes on with work that was begun. */
  readonly #begun = new Set<() => void>()
  readonly #waiting = new Set<() => void>()

  constructor(private readonly clock: Clock) {}

  /**
   * Runs at once, or after the platform had its turn where the stretch has been long enough, and after all that waits for that.
   * @param begun it goes on with what was begun, and comes before what was not: else all would be begun before the first is done
   */
  go(run: () => void, begun = false): void {
    const queue = begun ? this.#begun : this.#waiting
    if (this.#isLong() || this.#begun.size > 0 || queue.size > 0) queue.add(run)
    else run()
  }

  /** What comes of the work, which is done as `go` says: a promise that resolves in between would have all others go before it is done. */
  turn<T>(work: () => T | Promise<T>, begun = false): Promise<T> {
    return new Promise((resolve, reject) => {
      this.go(() => {
        try {
          resolve(work())
        } catch (error) {
          reject(error)
        }
      }, begun)
    })
  }

  #isLong(): boolean {
    const nowMs = this.clock.now()
    if (this.#beganMs === undefined) {
      this.clock.yieldThen(() => this.#goOn())
      this.#beganMs = nowMs
    }
    // A clock that was set back tells nothing of how long it was.
    return Math.abs(nowMs - this.#beganMs) >= LONGEST_STRETCH_MS
  }

  #goOn(): void {
    this.#beganMs = undefined
    for (const queue of [this.#begun, this.#waiting])
      for (const run of queue) {
        if (this.#isLong()) return
        queue.delete(run)
        run()
      }
  }
}
