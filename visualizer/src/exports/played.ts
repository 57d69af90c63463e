/** The time that a test plays: of what passes between moments, what something in the machine waits through. */
export class PlayedTime {
  /** All so far, in milliseconds. */
  allMs = 0
  #sinceMs: number | undefined
  #stoodMs = 0
  #isWaitedFor = false

  /** @param advance hears of each time that is played */
  constructor(private readonly advance: (ms: number) => void) {}

  /** A moment comes; `stoodMs`: how long before it everything stood still. */
  comes(atMs: number, stoodMs: number): void {
    if (this.#sinceMs !== undefined) this.#stoodMs += stoodMs
    this.#sinceMs ??= atMs
  }

  /** Something waits, from the last that was played on. */
  waits(does: boolean): void {
    this.#isWaitedFor ||= does
  }

  /** Plays what has passed, where something waited; `goesOn`: something does from now on. */
  play(atMs: number, goesOn: boolean): void {
    const goneMs = Math.round(atMs - (this.#sinceMs ?? atMs) - this.#stoodMs)
    if (this.#isWaitedFor && goneMs > 0) {
      this.allMs += goneMs
      this.advance(goneMs)
    }
    this.#sinceMs = atMs
    this.#stoodMs = 0
    this.#isWaitedFor = goesOn
  }
}
