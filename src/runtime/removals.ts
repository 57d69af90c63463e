/** Removals under way, one for each key: whatever else concerns a key waits for its removal. */
export class Removals {
  readonly #underWay = new Map<string, Promise<void>>()
  /** How many have begun: one that was begun meanwhile may have taken what was just read. */
  begun = 0

  /** Resolves when the removal of this key is over, well or not; undefined where there is none. */
  over(key: string): Promise<void> | undefined {
    return this.#underWay.get(key)?.catch(() => {})
  }

  /** Removes, or joins the removal of this key that is under way. */
  run(key: string, remove: () => Promise<void>): Promise<void> {
    let removal = this.#underWay.get(key)
    if (removal === undefined) {
      this.begun++
      removal = remove().finally(() => this.#underWay.delete(key))
      this.#underWay.set(key, removal)
    }
    return removal
  }

  /** Resolves when all that are under way are over. */
  async allOver(): Promise<void> {
    await Promise.allSettled(this.#underWay.values())
  }
}
