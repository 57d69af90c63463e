import type { AnyMachineSnapshot, EventObject } from 'xstate'
import type { OutboxEntry, TreeRecord } from '../checkpoint/record.js'
import { eventKeyOf } from '../service/event-key.js'
import { bringBack } from './bring-back.js'
import { captureTree } from './capture.js'
import { EffectQueue, type KeyedEffect } from './effects.js'
import { type GateOwner, installGate } from './gate.js'
import { type InternalActor, type InternalScope, publicSnapshot, RUNNING } from './internals.js'
import { observedEffects, observedTimers } from './observed.js'
import { endOutsideWork, hasOutsideWork } from './outside-work.js'
import { Overwritten } from './overwritten.js'
import { owedEffects } from './owed.js'
import { ReferenceResolver } from './revive.js'
import { observeRoot, rootActor, type TreeStart } from './root.js'
import { Timers } from './timers.js'
import type { TreeOptions } from './tree-options.js'
import { TreeWork } from './tree-work.js'

/**
 * The actor tree of one service, with its effects, timers and tasks under control. One life of it: a pause
 * ends it, and going on makes another.
 */
export class Tree implements GateOwner {
  readonly effects: EffectQueue
  readonly timers: Timers
  readonly overwritten = new Overwritten()
  reviving = false
  closing = false
  readonly #root: InternalActor
  readonly #work = new TreeWork()
  #depth = 0
  #started = false
  /** The event that the service sends: it has seen to the key. */
  #admitted: EventObject | undefined
  #starting = false
  #revived: TreeRecord | undefined

  private constructor(
    private readonly options: TreeOptions,
    start: TreeStart,
  ) {
    this.effects = new EffectQueue({
      failed: (effect, error) => this.#effectFailed(effect, error),
      settled: options.onSettled,
      observed: observedEffects(options),
    })
    this.timers = new Timers(
      options.clock,
      // Its event was taken when it was set: one with a key is not seen here for the second time.
      ({ source, target, event }) => this.#relayAdmitted(source, target, event),
      observedTimers(options),
    )
    if ('record' in start) this.#revived = start.record
    this.reviving = 'record' in start
    this.#root = rootActor(options, start, (scope) => this.#install(scope))
    this.reviving = false
    if ('record' in start) {
      bringBack(start, this.#root, this.#work, this.timers, options)
      options.observe?.({ type: 'whole' })
    }
    const next = () => {
      if (!this.closing && !this.#starting) options.onSnapshot(this.snapshot)
    }
    observeRoot(this.#root, { next, error: options.onError }, options.onEmitted)
  }

  /** A first life, from the machine's initial state; nothing has run yet. */
  static create(options: TreeOptions, input: unknown): Tree {
    return new Tree(options, { input })
  }

  /** A further life, from a record that fits the machine; nothing has run yet. */
  static revive(options: TreeOptions, record: TreeRecord, references: number, slept: boolean): Tree {
    return new Tree(options, { record, references, slept })
  }

  get observe(): TreeOptions['observe'] {
    return this.options.observe
  }

  get snapshot(): AnyMachineSnapshot {
    return publicSnapshot(this.#root.getSnapshot())
  }

  /** The root, which a codec needs to find references' paths. */
  get root(): InternalActor {
    return this.#root
  }

  get status(): 'active' | 'done' | 'error' | 'stopped' {
    return this.#root.getSnapshot().status
  }

  /** Whether tasks or effects are under way. */
  get working(): boolean {
    return this.#work.size > 0 || this.effects.running > 0
  }

  /** Whether tasks or effects are under way, or effects wait for their commit. */
  get busy(): boolean {
    return this.working || this.effects.pending > 0
  }

  /** Whether letting go would cut nothing off: no task, effect or other outside work runs. */
  get idle(): boolean {
    return !this.busy && !hasOutsideWork(this.#root)
  }

  /** The time of the next timer, in milliseconds since 1970. */
  get wakeAtMs(): number | undefined {
    return this.timers.nextAtMs
  }

  /** Lets actors run. What a first life decides meanwhile waits for its commit. */
  start(): void {
    this.#started = true
    if (this.#revived === undefined) this.#turn(() => this.#root.start())
    else this.#startAgain(this.#revived.outbox)
  }

  /** Fires the timers that were due at this time, in ms since 1970, in the order in which they were due. */
  catchUp(untilMs: number): void {
    if (!this.closing) this.timers.fireUntil(untilMs)
  }

  /** From now on timers fire by themselves. */
  startTimers(): void {
    if (!this.closing) this.timers.start()
  }

  /** From now on timers that are due wait for `startTimers` or for another life. */
  stopTimers(): void {
    this.timers.stop()
  }

  /** Whether it was started, so that its state is more than what it was revived from. */
  get started(): boolean {
    return this.#started
  }

  /** A restart decides nothing: what it starts and what an earlier life owed is durable already. */
  #startAgain(owed: readonly OutboxEntry[]): void {
    this.#revived = undefined
    // Before a root that is done starts, which drops whoever listens to it.
    const due = owedEffects(owed, this.#root, (entry) => this.options.onUnrunnable(entry))
    this.#starting = true
    try {
      this.#root.start()
    } finally {
      this.#starting = false
    }
    // What a migration has brought has none yet.
    this.#work.keep(
      this.effects.capture((index, { actor }) => this.#work.keys.get(actor) ?? this.options.startKey(index)),
    )
    this.effects.owe(due)
    this.effects.release()
  }

  /** Applies an event of the inbox, whose references may be those of an earlier life. */
  sendStored(event: EventObject): void {
    new ReferenceResolver(this.#root, this.options.decodeEnded).resolve(event)
    this.send(event)
  }

  /** Applies an event to the root; on return the tree is quiet again. */
  send(event: EventObject): void {
    this.#relayAdmitted(undefined, this.#root, event)
  }

  #relayAdmitted(source: InternalActor | undefined, target: InternalActor, event: EventObject): void {
    this.#admitted = event
    try {
      target.system._relay(source, target, event)
    } finally {
      this.#admitted = undefined
    }
  }

  /** The state as data, sharing the tree's objects: encode it before anything else happens. */
  capture(sequence: number): TreeRecord {
    this.overwritten.check()
    const effects = this.effects.capture((index) => this.options.effectKey(sequence, index))
    this.#work.keep(effects)
    return captureTree({
      root: this.#root,
      timers: this.timers,
      effects,
      workKeys: this.#work.keys,
      nowMs: this.options.clock.now(),
      policyOf: this.options.policyOf,
    })
  }

  /** Runs the effects of the last capture, which is durable now. */
  release(): void {
    this.effects.release()
  }

  /** Asks the tasks to stop at their next step, and those that begin from now on. */
  interrupt(): void {
    this.#work.interrupt()
  }

  /**
   * Ends this life: outside work is cut off, nothing is decided any more. The actors are not stopped as
   * XState would, so that their last snapshots can still be read.
   */
  close(): void {
    if (this.closing) return
    this.closing = true
    this.timers.stop()
    this.effects.close()
    endOutsideWork(this.#root)
  }

  /** Every stimulus comes through here, from inside and from outside; the outermost ends a turn. */
  relay(run: () => void, event: EventObject): void {
    if (this.closing) return
    // A restart is no change of an actor's state, so its parent hears of none.
    if (this.#starting && event.type.startsWith('xstate.snapshot.')) return
    // Only what comes from outside the tree can come again.
    const key = this.#depth === 0 && event !== this.#admitted ? eventKeyOf(event) : undefined
    if (key !== undefined && !this.options.admit(key)) return
    this.#turn(run)
  }

  #turn(run: () => void): void {
    this.#depth++
    try {
      run()
    } finally {
      this.#depth--
    }
    if (this.#depth === 0 && !this.closing) this.options.onTurn()
  }

  #install(scope: InternalScope): void {
    installGate(scope, this)
    const { durable, onSettled } = this.options
    this.#work.offer(scope, durable, onSettled)
  }

  #effectFailed(effect: KeyedEffect, error: unknown): void {
    const { actor } = effect
    // Nobody above the root could handle it: it is the service that fails. Work that threw at its start, and was left for what
    // it had sent before, has told its parent of both by then in XState.
    const isThere = actor._processingStatus === RUNNING || effect.kind === 'start'
    if (actor === this.#root || !isThere) {
      this.options.onEffectError(effect, error)
      return
    }
    // As XState does when an action throws: the actor ends in the error, and its parent hears of it.
    this.#turn(() => {
      actor._snapshot = { ...actor.getSnapshot(), status: 'error', error }
      actor._error(error)
    })
  }
}
