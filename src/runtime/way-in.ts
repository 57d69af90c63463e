import type { StoredCheckpoint } from '../ports/store.js'
import { Tree } from '../xstate/tree.js'
import type { TreeOptions } from '../xstate/tree-options.js'
import type { EngineListener, EngineOptions, Revival } from './engine-types.js'
import type { Intake } from './intake.js'
import type { Ledger } from './ledger.js'
import type { ReadCheckpoint } from './read.js'
import type { Records } from './records.js'
import { type Turns, treeOptionsOf } from './tree-options-of.js'

/** What the way in leads to, and what it passes. */
export interface WayInParts {
  readonly options: EngineOptions
  readonly listener: EngineListener
  readonly intake: Intake
  readonly ledger: Ledger
  readonly records: Records
  readonly turns: Turns
  /** The tree is there; nothing of it has run yet. */
  arrived(tree: Tree): void
}

/** The one way in: first start, resume after a pause, restart after a crash, waking. */
export class WayIn {
  constructor(private readonly parts: WayInParts) {}

  /**
   * Loads, verifies, migrates and revives; a service without a checkpoint gets a first life.
   * @param slept it was only out of memory, so that its timers ran on whatever their policy
   * @throws every error of `readCheckpoint`, and the store's
   */
  async go(slept: boolean): Promise<Revival> {
    const { key, claim, stretch } = this.parts.options
    try {
      await this.#flush()
      this.parts.records.failure = undefined
      const stored = await stretch.turn(() => claim.load(key))
      return await stretch.turn(() => this.#arrive(stored, slept), true)
    } finally {
      this.parts.intake.reading = false
    }
  }

  #arrive(stored: StoredCheckpoint | undefined, slept: boolean): Revival {
    const { ledger, listener, records } = this.parts
    ledger.sequence = stored?.sequence ?? 0
    if (stored === undefined) return this.#beginFirstLife()
    const read = records.rest.read(stored.text)
    this.#bringBack(read, stored.text, slept)
    const { phase, holds, failure, outbox, inbox } = read.record
    const ended = phase === 'done' && outbox.length === 0
    // Again, since the life in which it ended may have been cut off before it could tell.
    if (ended && inbox.length > 0) listener.unapplied(inbox)
    return { fresh: false, slept, phase, holds, failure, ended }
  }

  /**
   * Brings to the store what is on its way there, before it is read back. Events that come meanwhile go into
   * the inbox and along; one that came too late for the last commit must not leave its key in it.
   */
  async #flush(): Promise<void> {
    const { intake, ledger, records } = this.parts
    intake.reading = !records.rest.known
    ledger.recover()
    // What was done as the service came to rest must not be owed by what is read now. A note of a failure has seen to that.
    if (records.rest.known && records.rest.outdated && records.failure === undefined) ledger.touch()
    while (ledger.unwritten) await ledger.durable()
    // In the same breath, so that no event slips in between.
    intake.reading = true
  }

  #beginFirstLife(): Revival {
    const { options, intake, records } = this.parts
    records.begin()
    options.observe?.({ type: 'revived', fresh: true, slept: false, checkpoint: 0 })
    this.parts.arrived(Tree.create(this.#treeOptions, options.input))
    intake.takeIn({ eventKeys: [], inbox: [] })
    return { fresh: true, slept: false, phase: 'running', holds: [], failure: undefined, ended: false }
  }

  #bringBack(read: ReadCheckpoint, text: string, slept: boolean): void {
    const { options, intake, ledger, records } = this.parts
    records.goOn(read, text, slept)
    options.observe?.({ type: 'revived', fresh: false, slept, checkpoint: ledger.sequence })
    this.parts.arrived(Tree.revive(this.#treeOptions, read.record, read.references, slept))
    intake.takeIn(read.record)
  }

  get #treeOptions(): TreeOptions {
    const { options, records, intake, listener, turns } = this.parts
    return treeOptionsOf(options, records, intake, listener, turns)
  }
}
