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
      await sleep(Math.min(leftMs, LONGEST_WAIT_MS), interruption)
    }
  }

  get #leftMs(): number {
    return this.#dueMs - performance.now()
  }
}

/** Timers that every platform has. @throws an AbortError, when the signal comes first */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      const error = new Error('The wait was cut off', { cause: signal.reason })
      reject(Object.assign(error, { name: 'AbortError' }))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
  })
}
