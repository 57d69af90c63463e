import type { EventObject } from 'xstate'
import type { InboxEntry } from '../checkpoint/record.js'

/** Somebody who waits until something is durable. */
export interface Ack {
  resolve(): void
  reject(error: Error): void
}

/** An event accepted and not yet applied, and who waits for it. */
interface Waiting {
  readonly event: EventObject
  readonly key: string | undefined
}

/** Events accepted while the machine does not run, in order. */
export class Inbox {
  #waiting: Waiting[] = []

  get size(): number {
    return this.#waiting.length
  }

  add(event: EventObject, key: string | undefined): void {
    this.#waiting.push({ event, key })
  }

  /** Takes the next one out. */
  next(): EventObject | undefined {
    return this.#waiting.shift()?.event
  }

  clear(): void {
    this.#waiting = []
  }

  entries(): readonly InboxEntry[] {
    return this.#waiting.map(({ event, key }) => (key === undefined ? { event } : { event, key }))
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
