type Granted = (lock: object | null) => unknown

/** Web Locks, as far as one that is asked for at once and given back goes: nobody waits here, and nothing is taken away. */
export class Locks {
  readonly #held = new Set<string>()

  async request(
    name: string,
    { ifAvailable }: { readonly ifAvailable?: boolean },
    granted: Granted,
  ): Promise<unknown> {
    if (ifAvailable !== true) throw new Error('Nobody waits here.')
    // The browser answers later.
    await null
    if (this.#held.has(name)) return granted(null)
    this.#held.add(name)
    try {
      return await granted({ name })
    } finally {
      this.#held.delete(name)
    }
  }

  async query() {
    return { held: [...this.#held].map((name) => ({ name })) }
  }
}
