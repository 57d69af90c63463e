import { setTimeout as sleep } from 'node:timers/promises'

/** How soon a wait notices that the task was asked to stop. */
const GLANCE_MS = 50

/** A second's worth may be made up for after a standstill, no more. */
const CREDIT_MS = 1000

/** Keeps a stream of bytes at or below a rate. */
export class Pace {
  #dueMs = performance.now()

  constructor(private readonly bytesPerSecond: number = Number.POSITIVE_INFINITY) {}

  /** Waits as long as these bytes may take; ends early when `stop` says so. */
  async spend(bytes: number, stop: () => boolean): Promise<void> {
    const earliestMs = performance.now() - CREDIT_MS
    this.#dueMs = Math.max(this.#dueMs, earliestMs) + (bytes / this.bytesPerSecond) * 1000
    for (;;) {
      const leftMs = this.#dueMs - performance.now()
      if (leftMs <= 0 || stop()) return
      await sleep(Math.min(leftMs, GLANCE_MS))
    }
  }
}
