import type { CommitOutcome, CommitRequest } from 'tardigrade'
import type { AsyncStorageLike } from 'tardigrade/stores/async-storage'
import { expect } from 'vitest'

export function request(key: string, sequence: number, text: string): CommitRequest {
  return {
    key,
    service: 'lamp',
    version: 1,
    sequence,
    savedAtMs: 1,
    phase: 'running',
    wakeAtMs: undefined,
    text,
  }
}

export function accepted(outcomes: readonly CommitOutcome[]): void {
  expect(outcomes.every(({ ok }) => ok)).toBe(true)
}

/** A map that takes no more than so many characters. */
export class FullMap extends Map<string, string> {
  most = Number.POSITIVE_INFINITY

  get bytes(): number {
    return [...this].reduce((sum, [key, text]) => sum + key.length + text.length, 0)
  }

  override set(key: string, text: string): this {
    const was = this.get(key)
    const grows = was === undefined ? key.length + text.length : text.length - was.length
    if (grows > 0 && this.bytes + grows > this.most) {
      throw new Error('database or disk is full (code 13 SQLITE_FULL)')
    }
    return super.set(key, text)
  }
}

/** AsyncStorage of somebody whose calls each wait until they may go on. */
export class Side {
  readonly #waiting: (() => void)[] = []
  /** What it was answered. */
  readonly heard: unknown[] = []
  /** Goes on without being let. */
  free = true

  constructor(readonly data: Map<string, string>) {}

  async #call<T>(run: () => T): Promise<T> {
    if (!this.free) await new Promise<void>((goOn) => this.#waiting.push(goOn))
    try {
      const answer = run()
      this.heard.push(answer)
      return answer
    } catch (cause) {
      this.heard.push(String(cause))
      throw cause
    }
  }

  get waits(): boolean {
    return this.#waiting.length > 0
  }

  /** Lets it go on for so many calls, or until it asks for none any more: it says whether it waits. */
  async goOn(calls: number): Promise<boolean> {
    for (let call = 0; call < calls; call++) {
      // All that follows from the last call has run by then.
      await new Promise((later) => setImmediate(later))
      const next = this.#waiting.shift()
      if (next === undefined) return false
      next()
    }
    await new Promise((later) => setImmediate(later))
    return this.waits
  }

  readonly storage: AsyncStorageLike = {
    getItem: (key) => this.#call(() => this.data.get(key) ?? null),
    setItem: (key, text) => this.#call(() => void this.data.set(key, text)),
    removeItem: (key) => this.#call(() => void this.data.delete(key)),
    getAllKeys: () => this.#call(() => [...this.data.keys()]),
  }
}
