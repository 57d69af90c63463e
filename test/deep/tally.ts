import { MOST_VIOLATIONS, type PartReport } from './part.js'

/** Counts what was tried, and keeps what went wrong. */
export class Tally {
  cases = 0
  readonly #violations: string[] = []

  constructor(
    private readonly what: string,
    private readonly goal?: number,
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
    const goal = this.goal === undefined ? {} : { goal: this.goal }
    return { figures: [{ what: this.what, reached: this.cases, ...goal }], violations: this.#violations }
  }
}
