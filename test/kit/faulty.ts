import type { CommitOutcome, CommitRequest, Store, StoreClaim } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'

/** A store whose commits fail, wait or are counted on command. */
export class FaultyStore implements Store {
  readonly location = 'faulty'
  readonly durability = 'none'
  readonly batches: (readonly CommitRequest[])[] = []
  /** Thrown by the next commits while it is set. */
  failure: Error | undefined
  /** Outcomes of the next batch, instead of the store's. */
  outcomes: readonly CommitOutcome[] | undefined
  #gate: { readonly opened: Promise<void>; readonly open: () => void } | undefined
  readonly #inner = memoryStore({ keep: 5 })

  /** Has commits wait until `open`. */
  shut(): void {
    let open = () => {}
    const opened = new Promise<void>((resolve) => {
      open = resolve
    })
    this.#gate = { opened, open }
  }

  open(): void {
    this.#gate?.open()
    this.#gate = undefined
  }

  read() {
    return this.#inner.read()
  }

  async claim(): Promise<StoreClaim> {
    const claim = await this.#inner.claim()
    return {
      ...claim,
      epoch: claim.epoch,
      commit: async (batch) => {
        this.batches.push(batch)
        await this.#gate?.opened
        if (this.failure !== undefined) throw this.failure
        const { outcomes } = this
        if (outcomes === undefined) return claim.commit(batch)
        this.outcomes = undefined
        return outcomes
      },
    }
  }
}
