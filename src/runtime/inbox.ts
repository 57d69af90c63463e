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

  /** Takes the next one out. */
  next(): InboxEntry | undefined {
    return this.#entries.shift()
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
  #keys = new Set<string>()

  constructor(private readonly limit: number) {}

  has(key: string): boolean {
    return this.#keys.has(key)
  }

  add(key: string): void {
    this.#keys.add(key)
    if (this.#keys.size <= this.limit) return
    for (const oldest of this.#keys) {
      this.#keys.delete(oldest)
      break
    }
  }

  /** Oldest first. */
  list(): readonly string[] {
    return [...this.#keys]
  }

  reset(keys: readonly string[]): void {
    this.#keys = new Set(keys)
  }
}
