import type { CheckpointRecord } from '../checkpoint/record.js'
import type { EngineListener, EngineOptions } from './engine-types.js'
import { failureRecord } from './failures.js'
import type { Intake } from './intake.js'
import type { Ledger } from './ledger.js'
import type { Records } from './records.js'

/** Has a failure written into the last good checkpoint, so that it outlives the process. */
export class FailureNote {
  #writing: Promise<void> | undefined

  constructor(
    private readonly options: EngineOptions,
    private readonly records: Records,
    private readonly intake: Intake,
    private readonly ledger: Ledger,
    private readonly listener: Pick<EngineListener, 'standing'>,
    /** Whether the service has a tree again. */
    private readonly lives: () => boolean,
  ) {}

  write(error: Error): void {
    this.records.failure = failureRecord(error, this.options.clock.now(), this.intake.applying?.at)
    // No other begins before it ends: a retry, after which the service could fail again, waits for it.
    this.#writing = this.#write(error).then(() => {
      this.#writing = undefined
    })
  }

  /** Resolves when it is in the store, as far as it can be; undefined where none is on its way. */
  get writing(): Promise<void> | undefined {
    return this.#writing
  }

  async #write(error: Error): Promise<void> {
    const { key, claim } = this.options
    try {
      // What is on its way may still become durable, and the note must stand on it.
      await this.ledger.landed()
      const stored = await claim.load(key)
      if (stored === undefined || this.lives()) return
      const { record } = this.records.rest.read(stored.text)
      this.intake.takeIn(record)
      this.records.rest.replace(stored.text)
      this.options.observe?.({ type: 'rests', stored })
      // A second note of the same would drive earlier checkpoints out of the store.
      if (this.#isIn(record)) return
      this.ledger.recover()
      this.ledger.touch()
      await this.ledger.next()
      this.ledger.fail(error)
    } catch {
      // The failure itself was told; a store that cannot take the note of it changes nothing about that.
    }
  }

  #isIn({ phase, failure, holds }: CheckpointRecord): boolean {
    const { failure: noted, rest } = this.records
    if (phase !== 'failed' || rest.outdated) return false
    if (failure?.name !== noted?.name || failure?.message !== noted?.message) return false
    return holds.join() === this.listener.standing().holds.join()
  }
}
