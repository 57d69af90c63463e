import type { CommitRequest, StoreClaim } from 'tardigrade'
import { type MemoryStore, memoryStore } from 'tardigrade/stores/memory'
import { opened } from '../../kit/stored.js'
import type { AccountContext } from './account.js'

/** What a checkpoint holds of a service. */
export interface Durable {
  readonly applied: ReadonlySet<number>
  /** Events in the inbox. */
  readonly waiting: ReadonlySet<number>
}

/** A store that tells at any moment what is durable. It may be the canary, which loses every 50th commit and says nothing. */
export class WatchedStore implements MemoryStore {
  readonly location = 'simulated'
  readonly durability = 'none'
  readonly durable = new Map<string, Durable>()
  readonly #inner = memoryStore({ keep: 10 })
  #commits = 0

  constructor(
    private readonly definition: unknown,
    private readonly loses: boolean,
  ) {}

  read() {
    return this.#inner.read()
  }

  loseLock(): void {
    this.#inner.loseLock()
  }

  async claim(): Promise<StoreClaim> {
    const claim = await this.#inner.claim()
    const again = async (key: string) => {
      const stored = await claim.load(key)
      if (stored === undefined) this.durable.delete(key)
      else this.#note(stored)
    }
    return {
      ...claim,
      commit: async (batch) => {
        if (this.loses && ++this.#commits % 50 === 0) return batch.map(() => ({ ok: true }))
        const outcomes = await claim.commit(batch)
        for (const [index, request] of batch.entries()) if (outcomes[index]?.ok) this.#note(request)
        return outcomes
      },
      quarantine: async (key, sequence, reason) => {
        await claim.quarantine(key, sequence, reason)
        await again(key)
      },
      remove: async (key) => {
        await claim.remove(key)
        this.durable.delete(key)
      },
    }
  }

  #note({ key, text }: Pick<CommitRequest, 'key' | 'text'>): void {
    const { root, inbox } = opened(text, this.definition)
    // Only accounts are kept here.
    const { applied } = root.snapshot.context as AccountContext
    const waiting = inbox.map(({ event }) => (event as unknown as { readonly n: number }).n)
    this.durable.set(key, { applied: new Set(applied), waiting: new Set(waiting) })
  }
}
