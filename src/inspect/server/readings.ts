/** Requests of one client that may wait. */
const MOST_WAITING = 100

/** What one client has asked the store for: one after another, each when the client has room for what comes of it. */
export class Readings {
  #waiting: (() => Promise<void>)[] = []
  #isReading = false

  /** @param free whether the client takes more */
  constructor(private readonly free: () => boolean) {}

  /** Reads when its turn comes; false where too many wait already. */
  ask(read: () => Promise<void>): boolean {
    if (this.#waiting.length >= MOST_WAITING) return false
    this.#waiting.push(read)
    this.goOn()
    return true
  }

  /** The client may have room again. */
  goOn(): void {
    if (this.#isReading || !this.free()) return
    const read = this.#waiting.shift()
    if (read === undefined) return
    this.#isReading = true
    void read().finally(() => {
      this.#isReading = false
      this.goOn()
    })
  }

  /** What waits is asked for by nobody any more. */
  end(): void {
    this.#waiting = []
  }
}
