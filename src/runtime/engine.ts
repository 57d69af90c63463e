import type { AnyMachineSnapshot, EventObject } from 'xstate'
import type {
  CheckpointRecord,
  FailureRecord,
  InboxEntry,
  OutboxEntry,
  TreeRecord,
} from '../checkpoint/record.js'
import { seal } from '../checkpoint/seal.js'
import { TardigradeError } from '../errors/base.js'
import { EffectFailedError, MachineFailedError, TaskInterruptedError } from '../errors/service.js'
import type { Clock } from '../ports/clock.js'
import type { CommitOutcome, CommitRequest, Phase, StoreClaim } from '../ports/store.js'
import type { ServiceDefinition } from '../service/definition.js'
import type { TreeCodec } from '../xstate/codec.js'
import type { Effect } from '../xstate/effects.js'
import { Tree } from '../xstate/tree.js'
import { type Ack, waiting } from './acks.js'
import type { Committer, Participant } from './committer.js'
import { compose, wakeAtMs } from './compose.js'
import { Inbox, SeenKeys } from './inbox.js'
import { type ReadCheckpoint, readCheckpoint } from './read.js'
import { timerPolicy } from './timer-policy.js'

/** What an engine works with. */
export interface EngineOptions {
  readonly definition: ServiceDefinition
  readonly key: string
  readonly input: unknown
  readonly codec: TreeCodec
  readonly claim: StoreClaim
  readonly committer: Committer
  readonly clock: Clock
  readonly inspect?: ((event: never) => void) | undefined
}

/** Whom an engine tells. */
export interface EngineListener {
  /** The phase that a checkpoint taken now should have, and the holds that outlive the process. */
  standing(): { readonly phase: Phase; readonly holds: readonly string[] }
  finished(): void
  failed(error: Error): void
  snapshot(snapshot: AnyMachineSnapshot): void
  emitted(event: EventObject): void
  unrunnable(entry: OutboxEntry): void
  /** Something happened in the tree. */
  active(): void
}

/** What was found at revival. */
export interface Revival {
  readonly fresh: boolean
  readonly phase: Phase
  readonly holds: readonly string[]
  readonly failure: FailureRecord | undefined
  /** Nothing is left to do: the machine has ended and its effects are done. */
  readonly ended: boolean
}

/**
 * Keeps one service's tree and checkpoint in step: captures what changed, commits it, releases the effects,
 * acknowledges. It carries out what the lifecycle decides and decides nothing itself.
 */
export class Engine implements Participant {
  #tree: Tree | undefined
  #sequence = 0
  #dirty = false
  /** Effects are done that the newest checkpoint still owes: worth a commit, in no hurry. */
  #stale = false
  #inFlight: { readonly acks: Ack[]; readonly tree: Tree | undefined; readonly text: string } | undefined
  #acks: Ack[] = []
  /** The sealed checkpoint that a service without a tree rests in. */
  #resting: string | undefined
  #failure: FailureRecord | undefined
  #broken: Error | undefined
  #quiet: (() => void)[] = []
  #settling: (() => void)[] = []
  #noting: Promise<void> | undefined
  #loading = false
  /** The stored phase is another than `running`. */
  #rested = false
  #effectsHeld = false
  readonly #inbox = new Inbox()
  /** Events that arrived before the checkpoint was loaded: they come after those that it holds. */
  readonly #early = new Inbox()
  readonly keys: SeenKeys

  constructor(
    private readonly options: EngineOptions,
    private readonly listener: EngineListener,
  ) {
    this.keys = new SeenKeys(options.definition.rememberEventKeys)
  }

  get tree(): Tree | undefined {
    return this.#tree
  }

  /** Sequence of the newest durable checkpoint. */
  get sequence(): number {
    return this.#sequence
  }

  /** Events and waiters that are not durable yet. */
  get pending(): number {
    const unanswered = this.#acks.length + (this.#inFlight?.acks.length ?? 0)
    return Math.max(unanswered, this.#inbox.size + this.#early.size)
  }

  /** Whether somebody waits for a commit. */
  get awaited(): boolean {
    return this.#acks.length > 0
  }

  /** Nothing runs, waits or is on its way. */
  get idle(): boolean {
    return this.#tree?.idle === true && !this.#unwritten && this.#inbox.size === 0
  }

  /**
   * Loads, verifies, migrates and revives; a service without a checkpoint gets a first life.
   * @throws every error of `readCheckpoint`, and the store's
   */
  async revive(): Promise<Revival> {
    const { definition, key, claim, codec } = this.options
    this.#loading = true
    try {
      // What is on its way to the store must be there before it is read back.
      await this.#noting
      this.#broken = undefined
      if (this.#unwritten) await this.durable()
      this.#failure = undefined
      const stored = await claim.load(key)
      this.#sequence = stored?.sequence ?? 0
      if (stored === undefined) {
        this.#tree = Tree.create(this.#treeOptions(), this.options.input)
        this.#rested = false
        this.keys.reset([])
        this.#fillInbox([])
        return { fresh: true, phase: 'running', holds: [], failure: undefined, ended: false }
      }
      const read = readCheckpoint(stored.text, definition, key, codec)
      this.#bringBack(read, stored.text)
      const { phase, holds, failure, outbox } = read.record
      return { fresh: false, phase, holds, failure, ended: phase === 'done' && outbox.length === 0 }
    } finally {
      this.#loading = false
    }
  }

  /** Keeps an event until the machine runs; resolves when it is durable. */
  accept(event: EventObject, key: string | undefined): Promise<void> {
    const inbox = this.#loading ? this.#early : this.#inbox
    inbox.add({ event, atMs: this.options.clock.now(), ...(key === undefined ? {} : { key }) })
    if (!this.#loading) this.touch()
    const { promise, ack } = waiting()
    this.#acks.push(ack)
    return promise
  }

  /** Applies an event at once; resolves when its consequences are durable. */
  apply(event: EventObject): Promise<void> {
    const { promise, ack } = waiting()
    this.#acks.push(ack)
    this.#tree?.send(event)
    return promise
  }

  /** Resolves when everything decided is durable and every effect is done. Tasks may go on. */
  async settled(): Promise<void> {
    for (;;) {
      await this.durable()
      if (!this.#unwritten && (this.#tree?.effects.pending ?? 0) === 0) return
      await new Promise<void>((resolve) => this.#settling.push(resolve))
    }
  }

  /** Lets the revived tree run: what it owes, what was due, what waits in the inbox. */
  run(resumed: EventObject | undefined): void {
    const tree = this.#tree
    if (tree === undefined) return
    const again = this.#resting !== undefined
    this.#resting = undefined
    tree.start()
    const lives = () => tree === this.#tree && tree.status === 'active'
    if (again && resumed !== undefined && lives()) tree.send(resumed)
    for (let entry = this.#inbox.next(); entry !== undefined && lives(); entry = this.#inbox.next()) {
      tree.catchUp(entry.atMs)
      if (lives()) tree.send(entry.event)
    }
    if (again && lives()) tree.catchUp(this.options.clock.now())
    tree.startTimers()
    // The phase has changed, or somebody waits for the first checkpoint or for an event of the inbox.
    if (!again || this.#rested || this.#acks.length > 0) this.touch()
  }

  /**
   * Makes a first life durable though something holds it: its first transition is decided and what it
   * wants of the outside is owed, until the service goes on.
   */
  async beginHeld(): Promise<void> {
    this.#tree?.start()
    this.#effectsHeld = true
    try {
      this.touch()
      await this.durable()
    } finally {
      this.#effectsHeld = false
    }
  }

  /** Resolves when everything up to now is durable. */
  durable(): Promise<void> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken)
    const flight = this.#inFlight
    if (!this.#dirty && flight === undefined) return Promise.resolve()
    const { promise, ack } = waiting()
    // Without anything new, the commit under way is the one to wait for: no other may follow.
    const acks = this.#dirty || flight === undefined ? this.#acks : flight.acks
    acks.push(ack)
    return promise
  }

  /** Has the next commit take a fresh capture. */
  touch(): void {
    this.#dirty = true
    this.options.committer.request(this)
  }

  /** Tells the tasks and waits until nothing is busy, or until the deadline. */
  async quiet(deadlineMs: number): Promise<void> {
    const tree = this.#tree
    if (tree === undefined) return
    tree.interrupt()
    if (!tree.busy) return
    const { clock } = this.options
    await new Promise<void>((resolve) => {
      const timer = clock.setTimer(resolve, Math.min(deadlineMs, 2 ** 31 - 1))
      this.#quiet.push(() => {
        clock.clearTimer(timer)
        resolve()
      })
    })
  }

  /** Takes the tree out of memory. What it had not made durable is gone with it. */
  letGo(): void {
    const tree = this.#tree
    this.#tree = undefined
    this.#stale = false
    this.#release(this.#quiet.splice(0))
    this.#release(this.#settling.splice(0))
    tree?.close()
  }

  /** Ends in an error: who waits is told, and the checkpoint that was durable last gets the failure written in. */
  break(error: Error, keepInStore: boolean): void {
    this.#broken = error
    this.#dirty = false
    for (const ack of this.#acks.splice(0)) ack.reject(error)
    this.#inbox.drain()
    this.#early.drain()
    this.#release(this.#settling.splice(0))
    if (!keepInStore) return
    this.#failure = { name: error.name, message: error.message, atMs: this.options.clock.now() }
    this.#noting = this.#writeFailure()
  }

  collect(): CommitRequest | undefined {
    if (!this.#dirty || this.#inFlight !== undefined) return undefined
    try {
      return this.#capture()
    } catch (error) {
      this.#fail(
        error instanceof TardigradeError ? error : new MachineFailedError({ ...this.#facts, cause: error }),
      )
      return undefined
    }
  }

  committed(outcome: CommitOutcome): void {
    const flight = this.#inFlight
    if (flight === undefined) return
    this.#inFlight = undefined
    if (!outcome.ok) {
      for (const ack of flight.acks) ack.reject(outcome.error)
      this.listener.failed(outcome.error)
      return
    }
    this.#sequence++
    this.#rested = this.listener.standing().phase !== 'running'
    if (this.#tree?.started !== true || this.#rested) this.#resting = flight.text
    if (flight.tree === this.#tree && !this.#effectsHeld) this.#tree?.release()
    for (const ack of flight.acks) ack.resolve()
    this.#checkQuiet()
    this.#release(this.#settling.splice(0))
    this.#checkEnd()
    if (this.#dirty) this.options.committer.request(this)
  }

  get #unwritten(): boolean {
    return this.#dirty || this.#stale || this.#inFlight !== undefined
  }

  get #facts() {
    return { service: this.options.definition.id, key: this.options.key }
  }

  #bringBack({ record, references }: ReadCheckpoint, text: string): void {
    this.#resting = text
    this.#rested = record.phase !== 'running'
    this.keys.reset(record.eventKeys)
    this.#tree = Tree.revive(this.#treeOptions(), record, references)
    this.#fillInbox(record.inbox)
  }

  #fillInbox(stored: readonly InboxEntry[]): void {
    this.#inbox.drain()
    for (const entry of stored) this.#inbox.add(entry)
    for (const entry of this.#early.drain()) {
      // An earlier life has taken it already.
      if (entry.key !== undefined && this.keys.has(entry.key)) continue
      if (entry.key !== undefined) this.keys.add(entry.key)
      this.#inbox.add(entry)
    }
  }

  #treeOptions() {
    const { definition, key, clock, codec, inspect } = this.options
    return {
      machine: definition.machine,
      id: key,
      clock,
      policyOf: timerPolicy(definition),
      effectKey: (sequence: number, index: number) => `${definition.id}/${key}/${sequence}/${index}`,
      admit: (eventKey: string) => {
        if (this.keys.has(eventKey)) return false
        this.keys.add(eventKey)
        return true
      },
      durable: () => this.#durableForTask(),
      decodeEnded: (text: string) => codec.decode(text).value,
      onTurn: () => this.#turned(),
      onError: (cause: unknown) => this.#fail(new MachineFailedError({ ...this.#facts, cause })),
      onEffectError: (effect: Effect, cause: unknown) =>
        this.#fail(new EffectFailedError(effect.type, effect.key ?? '', { ...this.#facts, cause })),
      onSettled: () => this.#settled(),
      onSnapshot: (snapshot: AnyMachineSnapshot) => this.listener.snapshot(snapshot),
      onEmitted: (event: EventObject) => this.listener.emitted(event),
      onUnrunnable: (entry: OutboxEntry) => this.listener.unrunnable(entry),
      inspect,
    }
  }

  #capture(): CommitRequest {
    const { definition, key, codec, clock, claim } = this.options
    const sequence = this.#sequence + 1
    const tree = this.#tree
    // A tree that was revived and not started is what it was revived from.
    const state: TreeRecord | undefined = tree?.started ? tree.capture(sequence) : this.#restingRecord()
    const { phase, holds } = this.listener.standing()
    const done = tree?.status === 'done'
    if (state === undefined) throw new Error('there is nothing to capture')
    const record = compose(definition, state, {
      key,
      sequence,
      epoch: claim.epoch,
      savedAtMs: clock.now(),
      phase: done ? 'done' : this.#failure === undefined ? phase : 'failed',
      holds,
      inbox: this.#inbox.entries(),
      eventKeys: this.keys.list(),
      ...(this.#failure === undefined ? {} : { failure: this.#failure }),
    })
    const text = seal(codec.encode(record, tree?.started ? tree.root : undefined))
    this.#inFlight = { acks: this.#acks, tree, text }
    this.#acks = []
    this.#dirty = false
    this.#stale = false
    return {
      key,
      service: definition.id,
      version: definition.version,
      sequence,
      savedAtMs: record.savedAtMs,
      phase: record.phase,
      wakeAtMs: wakeAtMs(record),
      text,
    }
  }

  #restingRecord(): CheckpointRecord | undefined {
    if (this.#resting === undefined) return undefined
    const { definition, key, codec } = this.options
    return readCheckpoint(this.#resting, definition, key, codec).record
  }

  #turned(): void {
    this.listener.active()
    this.touch()
    this.#checkQuiet()
  }

  #settled(): void {
    if (this.#tree === undefined || this.#tree.closing) return
    this.#soon()
    this.#checkQuiet()
    this.#release(this.#settling.splice(0))
  }

  /** Written a little later, together with what comes until then. */
  #soon(): void {
    if (this.#stale) return
    this.#stale = true
    this.options.clock.yieldThen(() => {
      if (this.#stale && this.#tree !== undefined) this.touch()
    })
  }

  async #durableForTask(): Promise<void> {
    const tree = this.#tree
    await this.durable()
    if (tree !== this.#tree || tree?.closing === true) throw new TaskInterruptedError(this.#facts)
  }

  #checkQuiet(): void {
    if (this.#quiet.length > 0 && this.#tree?.busy !== true) this.#release(this.#quiet.splice(0))
  }

  #release(waiting: readonly (() => void)[]): void {
    for (const go of waiting) go()
  }

  #checkEnd(): void {
    const tree = this.#tree
    if (tree?.status === 'done' && !this.#unwritten && !tree.busy) this.listener.finished()
  }

  #fail(error: Error): void {
    this.listener.failed(error)
  }

  async #writeFailure(): Promise<void> {
    try {
      const stored = await this.options.claim.load(this.options.key)
      if (stored === undefined || this.#failure === undefined || this.#tree !== undefined) return
      const { definition, key, codec } = this.options
      const { record } = readCheckpoint(stored.text, definition, key, codec)
      this.#fillInbox(record.inbox)
      this.#resting = stored.text
      this.touch()
    } catch {
      // The failure itself was told; a store that cannot take the note of it changes nothing about that.
    }
  }
}
