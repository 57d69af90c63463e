import { setTimeout as sleep } from 'node:timers/promises'

/** A platform timer beyond this fires at once. */
const LONGEST_WAIT_MS = 2 ** 31 - 1

/** A second's worth may be made up for after a standstill, no more. */
const CREDIT_MS = 1000

/** Keeps a stream of bytes at or below a rate. */
export class Pace {
  #dueMs = performance.now()

  constructor(private readonly bytesPerSecond: number = Number.POSITIVE_INFINITY) {}

  /**
   * Waits as long as these bytes may take.
   * @throws {Error} an AbortError, when the interruption comes before the wait is over
   */
  async spend(bytes: number, interruption: AbortSignal): Promise<void> {
    const earliestMs = performance.now() - CREDIT_MS
    this.#dueMs = Math.max(this.#dueMs, earliestMs) + (bytes / this.bytesPerSecond) * 1000
    for (let leftMs = this.#leftMs; leftMs > 0; leftMs = this.#leftMs) {
      await sleep(Math.min(leftMs, LONGEST_WAIT_MS), undefined, { signal: interruption })
    }
  }

  get #leftMs(): number {
    return this.#dueMs - performance.now()
  }
}
