import type { EventObject } from 'xstate'
import { brief, type Changes, identityHead } from '../checkpoint/brief.js'
import type { CheckpointRecord, FailureRecord, InboxEntry } from '../checkpoint/record.js'
import { seal } from '../checkpoint/seal.js'
import { EffectFailedError, TaskInterruptedError } from '../errors/service.js'
import type { CommitRequest } from '../ports/store.js'
import { Tree } from '../xstate/tree.js'
import type { TreeOptions } from '../xstate/tree-options.js'
import { Calm } from './calm.js'
import { identityOf, requestOf } from './compose.js'
import type { EngineListener, EngineOptions, Revival } from './engine-types.js'
import { captureFailure, failureRecord, treeFailure } from './failures.js'
import { Intake } from './intake.js'
import { Ledger } from './ledger.js'
import type { ReadCheckpoint } from './read.js'
import { Rest } from './rest.js'
import { timerPolicy } from './timer-policy.js'

/**
 * Keeps one service's tree and checkpoint in step: applies, captures, releases the effects when they may
 * run. It carries out what the lifecycle decides and decides nothing itself.
 */
export class Engine {
  readonly ledger: Ledger
  readonly intake: Intake
  readonly #rest: Rest
  readonly #calm: Calm
  #tree: Tree | undefined
  /** The capture that is on its way to the store. */
  #captured: { readonly tree: Tree | undefined; readonly atRest: boolean; readonly text: string } | undefined
  /** The stored phase is another than `running`. */
  #rested = false
  #failure: FailureRecord | undefined
  #noting: Promise<void> | undefined
  /** Sequences may come again, after a removal or a step back; their effects' keys must not. */
  #incarnation = ''
  /** What all checkpoints of this incarnation begin with, once one was written. */
  #head: string | undefined
  #effectsHeld = false
  #draining = false

  constructor(
    private readonly options: EngineOptions,
    private readonly listener: EngineListener,
  ) {
    const { definition, key, codec, clock } = options
    const { rememberEventKeys } = definition
    this.intake = new Intake({ facts: this.#facts, codec, rememberEventKeys, now: () => clock.now() })
    this.#rest = new Rest(definition, key, codec)
    // An effect that is held back comes to an end in another life.
    this.#calm = new Calm(clock, () => this.#tree?.[this.#effectsHeld ? 'working' : 'busy'] === true)
    this.ledger = new Ledger(options.committer, clock, {
      capture: (sequence) => this.#capture(sequence),
      durable: () => this.#becameDurable(),
      notWritten: (error) => listener.failed(error),
      notCaptured: (error) => listener.failed(captureFailure(error, this.#facts)),
    })
  }

  get tree(): Tree | undefined {
    return this.#tree
  }

  /** Events that wait for their answer or in the inbox. */
  get pending(): number {
    return Math.max(this.ledger.unanswered, this.intake.size)
  }

  /** Nothing runs, waits or is on its way. */
  get idle(): boolean {
    return this.#tree?.idle === true && !this.ledger.unwritten && this.intake.inbox.size === 0
  }

  /**
   * Loads, verifies, migrates and revives; a service without a checkpoint gets a first life.
   * @param slept it was only out of memory, so that its timers ran on whatever their policy
   * @throws every error of `readCheckpoint`, and the store's
   */
  async revive(slept: boolean): Promise<Revival> {
    const { key, claim, stretch } = this.options
    try {
      await this.#flush()
      await new Promise<void>((resolve) => stretch.go(resolve))
      this.#failure = undefined
      const stored = await claim.load(key)
      this.ledger.sequence = stored?.sequence ?? 0
      if (stored === undefined) return this.#beginFirstLife()
      const read = this.#rest.read(stored.text)
      this.#bringBack(read, stored.text, slept)
      const { phase, holds, failure, outbox } = read.record
      const ended = phase === 'done' && outbox.length === 0
      return { fresh: false, slept, phase, holds, failure, ended }
    } finally {
      this.intake.reading = false
    }
  }

  /**
   * Keeps an event until the machine runs; resolves when it is durable.
   * @throws {UnencodableError | UncapturableError} at once: no checkpoint can keep it
   */
  accept(event: EventObject, key: string | undefined): Promise<void> {
    const entry = this.intake.entryOf(event, key, this.#tree)
    if (this.intake.reading) return this.intake.wait(entry)
    this.intake.inbox.add(entry)
    this.ledger.touch()
    return this.ledger.next()
  }

  /** Resolves when everything up to now is durable. */
  durable(): Promise<void> {
    return this.intake.reading ? this.intake.wait() : this.ledger.durable()
  }

  /** Applies an event at once; resolves when its consequences are durable. Throws as `accept` does. */
  apply(event: EventObject, key: string | undefined): Promise<void> {
    this.intake.check(event, key, this.#tree)
    const durable = this.ledger.next()
    this.#tree?.send(event)
    return durable
  }

  /** Whether it rests, and owes effects that run when it goes on. */
  get owes(): boolean {
    return this.#tree?.started !== true && this.#rest.known && this.#rest.record.outbox.length > 0
  }

  /** Resolves when everything decided is durable and every effect of the running tree is done. Tasks may go on. */
  async settled(): Promise<void> {
    for (;;) {
      await this.durable()
      if (!this.ledger.unwritten && (this.#tree?.effects.pending ?? 0) === 0) return
      await this.#calm.change()
    }
  }

  /** Whether a living tree has nothing decided that is not durable and done, and no event waits. */
  get isSettled(): boolean {
    const waits = this.#draining || this.intake.size > 0 || this.ledger.unwritten
    return !waits && this.#lives(this.#tree) && this.#tree.effects.pending === 0
  }

  /** Lets the revived tree run: what it owes, what was due, what waits in the inbox. */
  run(resumed: EventObject | undefined): void {
    const tree = this.#tree
    if (tree === undefined) return
    const again = this.#rest.known
    const held = this.#effectsHeld
    this.#effectsHeld = false
    this.#rest.replace(undefined)
    // What its effects send at once comes after what was there before.
    this.#draining = true
    tree.start()
    if (again && resumed !== undefined && this.#lives(tree)) tree.send(resumed)
    this.#drain()
    if (again && this.#lives(tree)) tree.catchUp(this.options.clock.now())
    tree.startTimers()
    // The phase has changed, effects are held back, or somebody waits for the first checkpoint or for an event of the inbox.
    if (!again || this.#rested || held || this.ledger.awaited) this.ledger.touch()
  }

  /**
   * Lets go of the tree and brings it back from the store. Events that come meanwhile queue, and are applied then.
   * @param goesOn whether it shall run then
   * @throws every error of `revive`
   */
  async relive(goesOn: () => boolean): Promise<void> {
    this.letGo()
    this.#draining = true
    await this.revive(true)
    if (goesOn()) this.run(undefined)
  }

  /** Whether events must queue behind those of the inbox. */
  get draining(): boolean {
    return this.#draining
  }

  /** From now on events go into the inbox: timers that are due after them must not come before. */
  stopTimers(): void {
    this.#tree?.stopTimers()
  }

  /** Goes on after a checkpoint with what came meanwhile. */
  goOn(): void {
    const tree = this.#tree
    this.#drain()
    if (!this.#lives(tree)) return
    tree.catchUp(this.options.clock.now())
    tree.startTimers()
  }

  /** Applies the inbox, with the timers that were due between its events. */
  #drain(): void {
    const tree = this.#tree
    const { inbox } = this.intake
    this.#draining = true
    try {
      for (let entry = inbox.first; entry !== undefined; entry = inbox.first) {
        // Timers that were due before it come before it, and may end the machine.
        if (this.#lives(tree)) tree.catchUp(entry.atMs)
        if (!this.#lives(tree)) break
        inbox.shift()
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
    this.#tree?.start()
    this.ledger.touch()
    await this.ledger.durable()
  }

  /** Tells the tasks and waits until nothing is busy, or until the deadline. */
  async quiet(deadlineMs: number): Promise<void> {
    this.#tree?.interrupt()
    await this.#calm.quiet(deadlineMs)
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
    this.#rest.leave(tree?.effects.settledKeys ?? new Set())
    this.ledger.calm()
    tree?.close()
    this.#calm.settled()
  }

  /** Ends in an error: whoever waits is told; `note` has the failure written into the last good checkpoint. */
  fail(error: Error, note: boolean): void {
    this.ledger.fail(error)
    this.intake.rejectEarly(error)
    this.#calm.settled()
    if (!note) return
    this.#failure = failureRecord(error, this.options.clock.now())
    this.#noting = this.#noteFailure(error)
  }

  /** Tells whoever waits the error, and forgets what was not durable: the service itself has not failed. */
  refuse(error: Error): void {
    this.ledger.fail(error)
    this.ledger.recover()
    this.intake.inbox.drain()
    this.intake.rejectEarly(error)
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
    this.intake.reading = !this.#rest.known
    if (this.#noting !== undefined) await this.#noting
    this.#noting = undefined
    this.ledger.recover()
    while (this.ledger.unwritten) await this.ledger.durable()
    // In the same breath, so that no event slips in between.
    this.intake.reading = true
  }

  /** The newest checkpoints are to be set aside: their sequences come again, with other effects. */
  stepBack(): void {
    this.options.incarnations.stepBack(this.options.key)
  }

  #beginFirstLife(): Revival {
    this.#live(this.options.incarnations.begin(this.options.key))
    this.#tree = Tree.create(this.#treeOptions(this.#incarnation), this.options.input)
    this.#rest.replace(undefined)
    this.#rested = false
    this.#takeIn([], [])
    return { fresh: true, slept: false, phase: 'running', holds: [], failure: undefined, ended: false }
  }

  #live(incarnation: string): void {
    this.#incarnation = incarnation
    this.#head = undefined
  }

  #bringBack({ record, references }: ReadCheckpoint, text: string, slept: boolean): void {
    const { clock, incarnations } = this.options
    this.#rest.begin(text, slept ? clock.now() : undefined)
    this.#rested = record.phase !== 'running'
    this.#live(incarnations.goOn(record))
    this.#tree = Tree.revive(this.#treeOptions(record.incarnation), record, references, slept)
    this.#takeIn(record.eventKeys, record.inbox)
  }

  #takeIn(eventKeys: readonly string[], stored: readonly InboxEntry[]): void {
    this.intake.keys.reset(eventKeys)
    this.intake.fill(stored, (ack) => this.ledger.answerNext(ack))
  }

  #treeOptions(storedIncarnation: string): TreeOptions {
    const { definition, key, clock, codec, inspect } = this.options
    const effectKey = (incarnation: string, sequence: number, index: number) =>
      `${definition.id}/${key}/${incarnation}/${sequence}/${index}`
    return {
      machine: definition.machine,
      id: key,
      clock,
      policyOf: timerPolicy(definition),
      effectKey: (sequence, index) => effectKey(this.#incarnation, sequence, index),
      startKey: (index) => effectKey(storedIncarnation, 0, index),
      admit: (eventKey) => this.intake.keys.admit(eventKey),
      durable: () => this.#durableForTask(),
      decodeEnded: (text) => codec.decode(text).value,
      onTurn: () => this.#turned(),
      onError: (cause) => this.listener.failed(treeFailure(cause, this.#facts)),
      onEffectError: (effect, cause) =>
        this.listener.failed(new EffectFailedError(effect.type, effect.key ?? '', { ...this.#facts, cause })),
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
    const atRest = tree?.started !== true
    const state = atRest ? this.#rest.record : tree.capture(sequence)
    const { phase, holds } = this.listener.standing()
    const changes: Changes = {
      sequence,
      epoch: claim.epoch,
      savedAtMs: clock.now(),
      phase: tree?.status === 'done' ? 'done' : this.#failure === undefined ? phase : 'failed',
      holds,
      inbox: this.intake.inbox.entries(),
      eventKeys: this.intake.keys.list(),
      failure: this.#failure,
      root: state.root,
      timers: state.timers,
      outbox: state.outbox,
    }
    this.#head ??= identityHead(identityOf(definition, key, this.#incarnation))
    const text = seal(codec.encode(brief(changes), atRest ? undefined : tree.root, this.#head))
    this.#captured = { tree, atRest, text }
    return requestOf(definition, key, changes, text)
  }

  #becameDurable(): void {
    const captured = this.#captured
    this.#captured = undefined
    this.#rested = this.listener.standing().phase !== 'running'
    const needed = this.#tree?.started !== true || this.#rested || !this.listener.runs()
    if (captured?.atRest) this.#rest.wrote(captured.text)
    else this.#rest.replace(needed ? captured?.text : undefined)
    if (captured?.tree === this.#tree && !this.#effectsHeld) this.#tree?.release()
    this.#calm.settled()
    if (this.#tree?.status === 'done' && !this.ledger.unwritten && !this.#tree.busy) this.listener.finished()
  }

  #turned(): void {
    this.listener.active()
    this.ledger.touch()
    this.#calm.look()
  }

  #settled(): void {
    if (this.#tree === undefined || this.#tree.closing) return
    this.ledger.touchSoon()
    this.#calm.settled()
  }

  async #durableForTask(): Promise<void> {
    const tree = this.#tree
    await this.ledger.durable()
    if (tree !== this.#tree || tree?.closing === true) throw new TaskInterruptedError(this.#facts)
  }

  async #noteFailure(error: Error): Promise<void> {
    const { key, claim } = this.options
    try {
      // What is on its way may still become durable, and the note must stand on it.
      await this.ledger.landed()
      const stored = await claim.load(key)
      if (stored === undefined || this.#tree !== undefined) return
      const { record } = this.#rest.read(stored.text)
      this.#takeIn(record.eventKeys, record.inbox)
      this.#rest.replace(stored.text)
      // A second note of the same would drive earlier checkpoints out of the store.
      if (this.#isNoted(record)) return
      this.ledger.recover()
      this.ledger.touch()
      await this.ledger.next()
      this.ledger.fail(error)
    } catch {
      // The failure itself was told; a store that cannot take the note of it changes nothing about that.
    }
  }

  #isNoted({ phase, failure, holds }: CheckpointRecord): boolean {
    const standing = this.listener.standing()
    return (
      phase === 'failed' &&
      !this.#rest.outdated &&
      failure?.name === this.#failure?.name &&
      failure?.message === this.#failure?.message &&
      holds.join() === standing.holds.join()
    )
  }

  #lives(tree: Tree | undefined): tree is Tree {
    return tree !== undefined && tree === this.#tree && tree.status === 'active'
  }
}
