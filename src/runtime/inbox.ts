import type { InboxEntry } from '../checkpoint/record.js'

/** Events accepted while the machine does not run, in order. */
export class Inbox {
  #entries: InboxEntry[] = []

  get size(): number {
    return this.#entries.length
  }

  add(entry: InboxEntry): void {
    this.#entries.push(entry)
  }

  get first(): InboxEntry | undefined {
    return this.#entries[0]
  }

  /** Takes the first one out. */
  shift(): void {
    this.#entries.shift()
  }

  /** Takes all out. */
  drain(): readonly InboxEntry[] {
    const entries = this.#entries
    this.#entries = []
    return entries
  }

  entries(): readonly InboxEntry[] {
    return [...this.#entries]
  }
}

/** The keys of the events seen last. */
export class SeenKeys {
  // Many services never see one.
  #keys: Set<string> | undefined

  constructor(private readonly limit: number) {}

  has(key: string): boolean {
    return this.#keys?.has(key) === true
  }

  /** Whether the key is new; from then on it is not. */
  admit(key: string): boolean {
    if (this.has(key)) return false
    this.add(key)
    return true
  }

  forget(key: string): void {
    this.#keys?.delete(key)
  }

  add(key: string): void {
    this.#keys ??= new Set()
    this.#keys.add(key)
    if (this.#keys.size <= this.limit) return
    for (const oldest of this.#keys) {
      this.#keys.delete(oldest)
      break
    }
  }

  /** Oldest first. */
  list(): readonly string[] {
    return this.#keys === undefined ? [] : [...this.#keys]
  }

  reset(keys: readonly string[]): void {
    this.#keys = keys.length === 0 ? undefined : new Set(keys)
  }
}
