/** A moment that comes again and again, and those who wait for it to come next. */
export class Moments {
  #waiting: (() => void)[] = []

  /** Resolves when it comes. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  arrive(): void {
    for (const go of this.#waiting.splice(0)) go()
  }
}
