import type { EventObject } from 'xstate'
import { TaskInterruptedError } from '../errors/service.js'
import type { Tree } from '../xstate/tree.js'
import { Calm } from './calm.js'
import type { EngineListener, EngineOptions, Revival } from './engine-types.js'
import { FailureNote } from './failure-note.js'
import { captureFailure } from './failures.js'
import { Intake } from './intake.js'
import { Ledger } from './ledger.js'
import { Records } from './records.js'
import { treeOptionsOf } from './tree-options-of.js'
import { WayIn } from './way-in.js'

/**
 * Keeps one service's tree and checkpoint in step: applies, captures, releases the effects when they may
 * run. It carries out what the lifecycle decides and decides nothing itself.
 */
export class Engine {
  readonly ledger: Ledger
  readonly intake: Intake
  readonly #records: Records
  readonly #calm: Calm
  #tree: Tree | undefined
  #note: FailureNote | undefined
  #effectsHeld = false
  #draining = false

  constructor(
    private readonly options: EngineOptions,
    private readonly listener: EngineListener,
  ) {
    const { definition, codec, clock } = options
    const { rememberEventKeys } = definition
    this.intake = new Intake({ facts: this.#facts, codec, rememberEventKeys, now: () => clock.now() })
    this.#records = new Records(options, this.intake, listener)
    // An effect that is held back comes to an end in another life.
    this.#calm = new Calm(clock, () => this.#tree?.[this.#effectsHeld ? 'working' : 'busy'] === true)
    this.ledger = new Ledger(options.committer, clock, {
      capture: (sequence) => this.#records.capture(this.#tree, sequence),
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
  revive(slept: boolean): Promise<Revival> {
    const { options, intake, ledger, listener } = this
    const records = this.#records
    const turns = {
      durable: () => this.#durableForTask(),
      onTurn: () => this.#turned(),
      onSettled: () => this.#settled(),
    }
    const wayIn = new WayIn({
      options,
      intake,
      ledger,
      records,
      noting: this.#note?.writing,
      treeOptions: () => treeOptionsOf(options, records, intake, listener, turns),
      arrived: (tree) => {
        this.#tree = tree
      },
    })
    return wayIn.go(slept)
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
    const { rest } = this.#records
    return this.#tree?.started !== true && rest.known && rest.record.outbox.length > 0
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
    const { rest, rested } = this.#records
    const again = rest.known
    const held = this.#effectsHeld
    this.#effectsHeld = false
    rest.replace(undefined)
    // What its effects send at once comes after what was there before.
    this.#draining = true
    tree.start()
    if (again && resumed !== undefined && this.#lives(tree)) tree.send(resumed)
    this.#drain()
    if (again && this.#lives(tree)) tree.catchUp(this.options.clock.now())
    tree.startTimers()
    // The phase has changed, effects are held back, or somebody waits for the first checkpoint or for an event of the inbox.
    if (!again || rested || held || this.ledger.awaited) this.ledger.touch()
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
    this.#records.rest.leave(tree?.effects.settledKeys ?? new Set())
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
    this.#note ??= new FailureNote(this.options, this.#records, this.ledger, {
      standing: () => this.listener.standing(),
      lives: () => this.#tree !== undefined,
      takeIn: (record) => this.intake.takeIn(record, this.ledger),
    })
    this.#note.write(error)
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
    await this.#note?.writing
  }

  get #facts() {
    return { service: this.options.definition.id, key: this.options.key }
  }

  /** The newest checkpoints are to be set aside: their sequences come again, with other effects. */
  stepBack(): void {
    this.options.incarnations.stepBack(this.options.key)
  }

  #becameDurable(): void {
    const captured = this.#records.becameDurable(this.#tree)
    if (captured === this.#tree && !this.#effectsHeld) this.#tree?.release()
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

  #lives(tree: Tree | undefined): tree is Tree {
    return tree !== undefined && tree === this.#tree && tree.status === 'active'
  }
}
