import { type Figure, MOST_VIOLATIONS, type PartReport } from './part.js'

/** Counts what was tried, and keeps what went wrong. */
export class Tally {
  cases = 0
  readonly #violations: string[] = []

  constructor(
    private readonly what: string,
    private readonly countsAs?: Figure['countsAs'],
  ) {}

  /** Whether little enough went wrong to go on. */
  get sound(): boolean {
    return this.#violations.length < MOST_VIOLATIONS
  }

  /** @param attempt gives what is wrong, in words; whatever it throws is wrong, too */
  async try(where: string, attempt: () => Promise<string | undefined> | string | undefined): Promise<void> {
    this.cases++
    try {
      const wrong = await attempt()
      if (wrong !== undefined) this.wrong(`${where}: ${wrong}`)
    } catch (error) {
      this.wrong(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : error}`)
    }
  }

  wrong(what: string): void {
    if (this.sound) this.#violations.push(what)
  }

  report(): PartReport {
    const total = this.countsAs === undefined ? {} : { countsAs: this.countsAs }
    return { figures: [{ what: this.what, reached: this.cases, ...total }], violations: this.#violations }
  }
}
