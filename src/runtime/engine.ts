import type { EventObject } from 'xstate'
import { brief } from '../checkpoint/brief.js'
import type { CheckpointRecord, FailureRecord, InboxEntry } from '../checkpoint/record.js'
import { seal } from '../checkpoint/seal.js'
import { problemOf, TardigradeError } from '../errors/base.js'
import {
  EffectFailedError,
  MachineFailedError,
  TaskInterruptedError,
  UncapturableError,
} from '../errors/service.js'
import { withFacts } from '../errors/with-facts.js'
import type { CommitRequest } from '../ports/store.js'
import { Tree } from '../xstate/tree.js'
import type { TreeOptions } from '../xstate/tree-options.js'
import { type Ack, waiting } from './acks.js'
import { compose, requestOf } from './compose.js'
import type { EngineListener, EngineOptions, Revival } from './engine-types.js'
import { Inbox, SeenKeys } from './inbox.js'
import { Ledger } from './ledger.js'
import { Moments } from './moments.js'
import { type ReadCheckpoint, readCheckpoint } from './read.js'
import { leftAt, timerPolicy } from './timer-policy.js'

/** A platform timer beyond this fires at once. */
const LONGEST_GRACE_MS = 2 ** 31 - 1

/**
 * Keeps one service's tree and checkpoint in step: applies, captures, releases the effects when they may
 * run. It carries out what the lifecycle decides and decides nothing itself.
 */
export class Engine {
  readonly ledger: Ledger
  readonly keys: SeenKeys
  readonly #inbox = new Inbox()
  /**
   * Events that arrived before the checkpoint was loaded, and who waits for them: they come after those that it
   * holds, and no commit before that may answer them.
   */
  #early: { readonly entry: InboxEntry | undefined; readonly ack: Ack }[] = []
  readonly #quiet = new Moments()
  readonly #settling = new Moments()
  #tree: Tree | undefined
  /** The sealed checkpoint that a service without a running tree rests in, and the one under way. */
  #resting: string | undefined
  #captured: { readonly tree: Tree | undefined; readonly text: string } | undefined
  /** When it woke, where it had only been out of memory: until then its timers ran. */
  #wokenAtMs: number | undefined
  /** The stored phase is another than `running`. */
  #rested = false
  #failure: FailureRecord | undefined
  #noting: Promise<void> | undefined
  #loading = false
  /** Sequences may come again, after a removal or a step back; their effects' keys must not. */
  #incarnation = ''
  #renewed = false
  #effectsHeld = false
  #draining = false
  /** Effects of the last life that are done, though the newest checkpoint owes them. */
  #settledKeys: ReadonlySet<string> = new Set()

  constructor(
    private readonly options: EngineOptions,
    private readonly listener: EngineListener,
  ) {
    this.keys = new SeenKeys(options.definition.rememberEventKeys)
    this.ledger = new Ledger(options.committer, options.clock, {
      capture: (sequence) => this.#capture(sequence),
      durable: () => this.#becameDurable(),
      notWritten: (error) => this.#fail(error),
      notCaptured: (error) =>
        this.#fail(
          error instanceof TardigradeError
            ? withFacts(error, this.#facts)
            : new MachineFailedError({ ...this.#facts, cause: error }),
        ),
    })
  }

  get tree(): Tree | undefined {
    return this.#tree
  }

  /** Events that wait for their answer or in the inbox. */
  get pending(): number {
    return Math.max(this.ledger.unanswered, this.#inbox.size + this.#early.length)
  }

  /** Nothing runs, waits or is on its way. */
  get idle(): boolean {
    return this.#tree?.idle === true && !this.ledger.unwritten && this.#inbox.size === 0
  }

  /**
   * Loads, verifies, migrates and revives; a service without a checkpoint gets a first life.
   * @param slept it was only out of memory, so that its timers ran on whatever their policy
   * @throws every error of `readCheckpoint`, and the store's
   */
  async revive(slept: boolean): Promise<Revival> {
    const { definition, key, claim, codec, stretch } = this.options
    try {
      await this.#flush()
      await new Promise<void>((resolve) => stretch.go(resolve))
      this.#failure = undefined
      const stored = await claim.load(key)
      this.ledger.sequence = stored?.sequence ?? 0
      if (stored === undefined) return this.#beginFirstLife()
      const read = readCheckpoint(stored.text, definition, key, codec)
      this.#bringBack(read, stored.text, slept)
      const { phase, holds, failure, outbox } = read.record
      return { fresh: false, phase, holds, failure, ended: phase === 'done' && outbox.length === 0 }
    } finally {
      this.#loading = false
    }
  }

  /** Keeps an event until the machine runs; resolves when it is durable. */
  accept(event: EventObject, key: string | undefined): Promise<void> {
    let entry: InboxEntry = { event, atMs: this.options.clock.now(), ...(key === undefined ? {} : { key }) }
    try {
      entry = this.#keepable(entry)
    } catch (error) {
      return this.#notKept(error, key)
    }
    if (this.#loading) return this.#waitEarly(entry)
    this.#inbox.add(entry)
    this.ledger.touch()
    return this.ledger.next()
  }

  /** Resolves when everything up to now is durable. */
  durable(): Promise<void> {
    return this.#loading ? this.#waitEarly(undefined) : this.ledger.durable()
  }

  /** Applies an event at once; resolves when its consequences are durable. */
  apply(event: EventObject, key: string | undefined): Promise<void> {
    try {
      // Found at the capture, it would fail the service and take along what others have sent.
      this.options.codec.check({ event }, this.#tree?.root)
    } catch (error) {
      return this.#notKept(error, key)
    }
    const durable = this.ledger.next()
    this.#tree?.send(event)
    return durable
  }

  /** Resolves when everything decided is durable and every effect is done. Tasks may go on. */
  async settled(): Promise<void> {
    for (;;) {
      await this.durable()
      if (!this.ledger.unwritten && (this.#tree?.effects.pending ?? 0) === 0) return
      await this.#settling.next()
    }
  }

  /** Lets the revived tree run: what it owes, what was due, what waits in the inbox. */
  run(resumed: EventObject | undefined): void {
    const tree = this.#tree
    if (tree === undefined) return
    const again = this.#resting !== undefined
    this.#resting = undefined
    // What its effects send at once comes after what was there before.
    this.#draining = true
    tree.start()
    if (again && resumed !== undefined && this.#lives(tree)) tree.send(resumed)
    this.drain()
    if (again && this.#lives(tree)) tree.catchUp(this.options.clock.now())
    tree.startTimers()
    // The phase has changed, or somebody waits for the first checkpoint or for an event of the inbox.
    if (!again || this.#rested || this.ledger.awaited) this.ledger.touch()
  }

  /** Whether events must queue behind those of the inbox. */
  get draining(): boolean {
    return this.#draining
  }

  /** Applies the inbox, with the timers that were due between its events. */
  drain(): void {
    const tree = this.#tree
    this.#draining = true
    try {
      for (let entry = this.#inbox.first; entry !== undefined; entry = this.#inbox.first) {
        // Timers that were due before it come before it, and may end the machine.
        if (this.#lives(tree)) tree.catchUp(entry.atMs)
        if (!this.#lives(tree)) break
        this.#inbox.shift()
        tree.sendStored(entry.event)
      }
    } finally {
      this.#draining = false
    }
  }

  /**
   * Makes a first life durable though something holds it: its first transition is decided and what it
   * wants of the outside is owed, until the service goes on.
   */
  async beginHeld(): Promise<void> {
    this.#effectsHeld = true
    try {
      this.#tree?.start()
      this.ledger.touch()
      await this.ledger.durable()
    } finally {
      this.#effectsHeld = false
    }
  }

  /** Tells the tasks and waits until nothing is busy, or until the deadline. */
  async quiet(deadlineMs: number): Promise<void> {
    this.#tree?.interrupt()
    if (this.#tree?.busy !== true) return
    const { clock } = this.options
    const timer = clock.setTimer(() => this.#quiet.arrive(), Math.min(deadlineMs, LONGEST_GRACE_MS))
    await this.#quiet.next()
    clock.clearTimer(timer)
  }

  /** From now on what is decided is owed: the tree is about to be let go. */
  holdEffects(): void {
    this.#effectsHeld = true
  }

  /** Takes the tree out of memory. What it had not made durable is gone with it. */
  letGo(): void {
    const tree = this.#tree
    this.#tree = undefined
    this.#effectsHeld = false
    this.#draining = false
    this.#settledKeys = tree?.effects.settledKeys ?? new Set()
    this.ledger.calm()
    tree?.close()
    this.#quiet.arrive()
    this.#settling.arrive()
  }

  /** Ends in an error: who waits is told; `note` has the failure written into the last good checkpoint. */
  break(error: Error, note: boolean): void {
    this.ledger.break(error)
    for (const { ack } of this.#early.splice(0)) ack.reject(error)
    this.#settling.arrive()
    if (!note) return
    // Whoever tells of it later gives the remedy of then.
    this.#failure = { name: error.name, message: problemOf(error), atMs: this.options.clock.now() }
    this.#noting = this.#writeFailure(error)
  }

  /** Answers everybody who waits with the error, and forgets what was not durable. */
  refuse(error: Error): void {
    this.ledger.break(error)
    this.ledger.mend()
    this.#inbox.drain()
    for (const { ack } of this.#early.splice(0)) ack.reject(error)
  }

  /** Resolves when a failure is noted in the store, as far as it can be. */
  async noted(): Promise<void> {
    await this.#noting
  }

  get #facts() {
    return { service: this.options.definition.id, key: this.options.key }
  }

  /**
   * Brings to the store what is on its way there, before it is read back. Events that come meanwhile go into
   * the inbox and along; one that came too late for the last commit must not leave its key in it.
   */
  async #flush(): Promise<void> {
    this.#loading = this.#resting === undefined
    if (this.#noting !== undefined) await this.#noting
    this.#noting = undefined
    this.ledger.mend()
    while (this.ledger.unwritten) await this.ledger.durable()
    // In the same breath, so that no event slips in between.
    this.#loading = true
  }

  /** The newest checkpoint was set aside: its sequence comes again, with other effects. */
  renew(): void {
    this.#renewed = true
  }

  #beginFirstLife(): Revival {
    this.#incarnation = this.options.incarnations.next()
    this.#tree = Tree.create(this.#treeOptions(), this.options.input)
    this.#resting = undefined
    this.#rested = false
    this.keys.reset([])
    this.#fillInbox([])
    return { fresh: true, phase: 'running', holds: [], failure: undefined, ended: false }
  }

  #bringBack({ record, references }: ReadCheckpoint, text: string, slept: boolean): void {
    this.#resting = text
    this.#wokenAtMs = slept ? this.options.clock.now() : undefined
    this.#rested = record.phase !== 'running'
    this.keys.reset(record.eventKeys)
    this.#incarnation = this.#renewed ? this.options.incarnations.next() : record.incarnation
    this.#renewed = false
    this.#settledKeys = new Set()
    this.#tree = Tree.revive(this.#treeOptions(), record, references, slept)
    this.#fillInbox(record.inbox)
  }

  /**
   * The entry as it can be kept beyond this life of the tree. It is tried by itself, so that an event that cannot
   * is its sender's trouble and nobody else's.
   */
  #keepable(entry: InboxEntry): InboxEntry {
    const { codec } = this.options
    const { value, references } = codec.decode(codec.encode(entry, this.#tree?.root))
    // What the codec makes of an entry is one.
    return references > 0 ? (value as InboxEntry) : entry
  }

  /** The event is its sender's trouble alone, and its key may come again with another. */
  #notKept(error: unknown, key: string | undefined): Promise<never> {
    if (key !== undefined) this.keys.forget(key)
    return Promise.reject(error instanceof TardigradeError ? withFacts(error, this.#facts) : error)
  }

  #fillInbox(stored: readonly InboxEntry[]): void {
    this.#inbox.drain()
    for (const entry of stored) this.#inbox.add(entry)
    for (const { entry, ack } of this.#early.splice(0)) {
      this.ledger.answerNext(ack)
      // One whose key is known was taken by an earlier life already.
      if (entry !== undefined && (entry.key === undefined || this.keys.admit(entry.key)))
        this.#inbox.add(entry)
    }
  }

  #waitEarly(entry: InboxEntry | undefined): Promise<void> {
    const { promise, ack } = waiting()
    this.#early.push({ entry, ack })
    return promise
  }

  #treeOptions(): TreeOptions {
    const { definition, key, clock, codec, inspect } = this.options
    return {
      machine: definition.machine,
      id: key,
      clock,
      policyOf: timerPolicy(definition),
      effectKey: (sequence, index) => `${definition.id}/${key}/${this.#incarnation}/${sequence}/${index}`,
      admit: (eventKey) => this.keys.admit(eventKey),
      durable: () => this.#durableForTask(),
      decodeEnded: (text) => codec.decode(text).value,
      onTurn: () => this.#turned(),
      onError: (cause) => this.#fail(this.#failureOf(cause)),
      onEffectError: (effect, cause) =>
        this.#fail(new EffectFailedError(effect.type, effect.key ?? '', { ...this.#facts, cause })),
      onSettled: () => this.#settled(),
      onSnapshot: (snapshot) => this.listener.snapshot(snapshot),
      onEmitted: (event) => this.listener.emitted(event),
      onUnrunnable: (entry) => this.listener.unrunnable(entry),
      inspect,
    }
  }

  #capture(sequence: number): CommitRequest {
    const { definition, key, codec, clock, claim } = this.options
    const tree = this.#tree
    // A tree that was revived and not started is what it was revived from.
    const state = tree?.started ? tree.capture(sequence) : this.#restingRecord()
    const { phase, holds } = this.listener.standing()
    const record = compose(definition, state, {
      key,
      incarnation: this.#incarnation,
      sequence,
      epoch: claim.epoch,
      savedAtMs: clock.now(),
      phase: tree?.status === 'done' ? 'done' : this.#failure === undefined ? phase : 'failed',
      holds,
      inbox: this.#inbox.entries(),
      eventKeys: this.keys.list(),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    })
    const text = seal(codec.encode(brief(record), tree?.started ? tree.root : undefined))
    this.#captured = { tree, text }
    return requestOf(record, text)
  }

  #restingRecord(): CheckpointRecord {
    const { definition, key, codec } = this.options
    if (this.#resting === undefined) throw new Error('a service at rest has no checkpoint to rest in')
    const { record } = readCheckpoint(this.#resting, definition, key, codec)
    const wokenAtMs = this.#wokenAtMs
    return {
      ...record,
      timers: wokenAtMs === undefined ? record.timers : leftAt(record.timers, wokenAtMs),
      outbox: record.outbox.filter((entry) => !this.#settledKeys.has(entry.key)),
    }
  }

  #becameDurable(): void {
    const captured = this.#captured
    this.#captured = undefined
    this.#rested = this.listener.standing().phase !== 'running'
    const needed = this.#tree?.started !== true || this.#rested || !this.listener.runs()
    this.#resting = needed ? captured?.text : undefined
    if (captured?.tree === this.#tree && !this.#effectsHeld) this.#tree?.release()
    this.#checkQuiet()
    this.#settling.arrive()
    if (this.#tree?.status === 'done' && !this.ledger.unwritten && !this.#tree.busy) this.listener.finished()
  }

  #turned(): void {
    this.listener.active()
    this.ledger.touch()
    this.#checkQuiet()
  }

  #settled(): void {
    if (this.#tree === undefined || this.#tree.closing) return
    this.ledger.touchSoon()
    this.#checkQuiet()
    this.#settling.arrive()
  }

  async #durableForTask(): Promise<void> {
    const tree = this.#tree
    await this.ledger.durable()
    if (tree !== this.#tree || tree?.closing === true) throw new TaskInterruptedError(this.#facts)
  }

  #checkQuiet(): void {
    if (this.#tree?.busy !== true) this.#quiet.arrive()
  }

  /** What the gate refuses stands for itself; that of another service, which this one awaits, names its own. */
  #failureOf(cause: unknown): TardigradeError {
    const refused = cause instanceof UncapturableError && cause.service === undefined
    return refused ? withFacts(cause, this.#facts) : new MachineFailedError({ ...this.#facts, cause })
  }

  #fail(error: Error): void {
    this.listener.failed(error)
  }

  async #writeFailure(error: Error): Promise<void> {
    const { definition, key, claim, codec } = this.options
    try {
      // What is on its way may still become durable, and the note must stand on it.
      await this.ledger.landed()
      const stored = await claim.load(key)
      if (stored === undefined || this.#tree !== undefined) return
      const { record } = readCheckpoint(stored.text, definition, key, codec)
      this.keys.reset(record.eventKeys)
      this.#fillInbox(record.inbox)
      this.#resting = stored.text
      this.ledger.mend()
      this.ledger.touch()
      await this.ledger.next()
      this.ledger.break(error)
    } catch {
      // The failure itself was told; a store that cannot take the note of it changes nothing about that.
    }
  }

  #lives(tree: Tree | undefined): tree is Tree {
    return tree !== undefined && tree === this.#tree && tree.status === 'active'
  }
}
