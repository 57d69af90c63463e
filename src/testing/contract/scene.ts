/** What a case works in: whatever it makes goes away with it. */
export class Scene {
  readonly #cleanups: (() => unknown)[] = []

  /** Runs when the case is over, the last one first. */
  after(cleanup: () => unknown): void {
    this.#cleanups.push(cleanup)
  }

  /** @throws what the first of the cleanups threw, after all were run */
  async end(): Promise<void> {
    const failures: unknown[] = []
    for (const cleanup of this.#cleanups.splice(0).reverse()) {
      try {
        await cleanup()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}

/** One promise of a port, and how to see that it is kept. */
export interface ContractCase<TScene extends Scene> {
  /** What the adapter does, as a sentence without its subject. */
  readonly name: string
  /** Where to look when it does not. */
  readonly remedy: string
  /** What must be known of the adapter to try it. */
  readonly needs?: readonly string[]
  /** @throws {Unmet} it does not */
  run(scene: TScene): Promise<void>
}
