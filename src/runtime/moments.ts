/** A moment that comes again and again, and those who wait for it to come next. */
export class Moments {
  // Mostly nobody waits, and there may be very many.
  #waiting: (() => void)[] | undefined

  /** Resolves when it comes. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting ??= []
      this.#waiting.push(resolve)
    })
  }

  arrive(): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    this.#waiting = undefined
    for (const go of waiting) go()
  }
}
