/** Something that a service did to the outside. */
export interface Done {
  /** The effect's key: the same when it is done again. */
  readonly key: string
  readonly what: string
}

/** What lies outside of a service, and outlives its processes. */
export class OutsideWorld {
  /** Effects by key, in the order in which each was done first. */
  readonly #done = new Map<string, string>()
  /** Keys that came again for something else. */
  readonly conflicts: string[] = []
  readonly #answersAtMs = new Map<string, number>()
  /** Called as an effect is done, and may end the process. */
  onEffect: (() => void) | undefined

  /** Somebody does something, maybe again. */
  did({ key, what }: Done): void {
    const before = this.#done.get(key)
    if (before === undefined) this.#done.set(key, what)
    else if (before !== what) this.conflicts.push(`${before} and ${what} have the same key ${key}`)
    this.onEffect?.()
  }

  /** When the outside answers a request with this key: as it would have if it was asked once. */
  answersAtMs(key: string, nowMs: number, afterMs: number): number {
    const known = this.#answersAtMs.get(key)
    if (known !== undefined) return known
    this.#answersAtMs.set(key, nowMs + afterMs)
    return nowMs + afterMs
  }

  /** What was done, each once, in order. */
  get done(): readonly string[] {
    return [...this.#done.values()]
  }
}
