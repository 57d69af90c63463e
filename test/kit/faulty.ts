import type { CommitOutcome, CommitRequest, Store, StoreClaim } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { Gate } from './gate.js'

/** A store whose commits, loads and removals fail, wait or are counted on command. */
export class FaultyStore implements Store {
  readonly location = 'faulty'
  readonly durability = 'none'
  readonly batches: (readonly CommitRequest[])[] = []
  /** What was written last under each key: the newest that a crash would leave. */
  readonly durable = new Map<string, CommitRequest>()
  /** Thrown by the next commits while it is set. */
  failure: Error | undefined
  /** Outcomes of the next batch, instead of the store's. */
  outcomes: readonly CommitOutcome[] | undefined
  /** The keys that were loaded, in order. */
  readonly loaded: string[] = []
  /** What a load of the key throws. */
  loadFailure: (key: string) => Error | undefined = () => undefined
  /** Longest page of a list. */
  pageSize: number | undefined
  /** Loads wait while it is shut. */
  readonly loads = new Gate()
  /** What was loaded waits while it is shut. */
  readonly answers = new Gate()
  /** Removals wait while it is shut. */
  readonly removals = new Gate()
  readonly #commits = new Gate()
  readonly #inner = memoryStore({ keep: 5 })

  /** Has commits wait until `open`. */
  shut(): void {
    this.#commits.shut()
  }

  open(): void {
    this.#commits.open()
  }

  /** Lets the commit through that waits; the next one waits again. */
  step(): void {
    this.#commits.step()
  }

  read() {
    return this.#inner.read()
  }

  /** Forgets its owner, as when its process was killed. */
  loseLock(): void {
    this.#inner.loseLock()
  }

  async claim(): Promise<StoreClaim> {
    const claim = await this.#inner.claim()
    return {
      ...claim,
      epoch: claim.epoch,
      load: async (key) => {
        this.loaded.push(key)
        await this.loads.pass()
        const failure = this.loadFailure(key)
        if (failure !== undefined) throw failure
        const stored = await claim.load(key)
        await this.answers.pass()
        return stored
      },
      list: (page) => claim.list(this.pageSize === undefined ? page : { ...page, limit: this.pageSize }),
      commit: async (batch) => {
        this.batches.push(batch)
        await this.#commits.pass()
        if (this.failure !== undefined) throw this.failure
        const { outcomes } = this
        this.outcomes = undefined
        if (outcomes !== undefined) return outcomes
        const written = await claim.commit(batch)
        for (const [index, request] of batch.entries())
          if (written[index]?.ok) this.durable.set(request.key, request)
        return written
      },
      remove: async (key) => {
        await this.removals.pass()
        await claim.remove(key)
        this.durable.delete(key)
      },
    }
  }
}
