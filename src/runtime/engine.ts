import type { EventObject } from 'xstate'
import type { FailureRecord } from '../checkpoint/record.js'
import { TaskInterruptedError } from '../errors/service.js'
import type { Tree } from '../xstate/tree.js'
import { Calm } from './calm.js'
import type { EngineListener, EngineOptions, Revival } from './engine-types.js'
import { FailureNote } from './failure-note.js'
import { captureFailure } from './failures.js'
import { Intake } from './intake.js'
import { Ledger } from './ledger.js'
import { observedSource } from './observer-of.js'
import { Records } from './records.js'
import { WayIn } from './way-in.js'

/**
 * Keeps one service's tree and checkpoint in step: applies, captures, releases the effects when they may
 * run. It carries out what the lifecycle decides and decides nothing itself.
 */
export class Engine {
  readonly ledger: Ledger
  readonly intake: Intake
  readonly calm: Calm
  readonly #records: Records
  /** When its tree was last at work, in milliseconds since 1970. */
  lastTurnMs: number
  #tree: Tree | undefined
  #note: FailureNote | undefined
  #holdsEffects = false

  constructor(
    private readonly options: EngineOptions,
    private readonly listener: EngineListener,
  ) {
    const { committer, clock } = options
    this.lastTurnMs = clock.now()
    const source = {
      capture: (sequence: number) => this.#records.capture(this.#tree, sequence),
      durable: () => this.#becameDurable(),
      notWritten: (error: Error) => listener.failed(error),
      notCaptured: (error: unknown) => listener.failed(captureFailure(error, this.#facts)),
    }
    this.ledger = new Ledger(committer, clock, observedSource(source, options.observe, options.claim.epoch))
    this.intake = new Intake(options, this.ledger)
    this.#records = new Records(options, this.intake, listener)
    this.calm = new Calm(this, clock)
  }

  get tree(): Tree | undefined {
    return this.#tree
  }

  /** Whether what is decided is owed to another life: the tree is about to be let go, or something holds its first one. */
  get holdsEffects(): boolean {
    return this.#holdsEffects
  }

  /**
   * Loads, verifies, migrates and revives; a service without a checkpoint gets a first life.
   * @param slept it was only out of memory, so that its timers ran on whatever their policy
   * @throws every error of `readCheckpoint`, and the store's
   */
  revive(slept: boolean): Promise<Revival> {
    const { options, listener, intake, ledger } = this
    const wayIn = new WayIn({
      options,
      listener,
      intake,
      ledger,
      records: this.#records,
      turns: {
        durable: () => this.#durableForTask(),
        onTurn: () => this.#turned(),
        onSettled: () => this.#settled(),
      },
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
    return this.intake.accept(event, key, this.#tree)
  }

  /** Resolves when everything up to now is durable. */
  durable(): Promise<void> {
    return this.intake.durable()
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

  /** Lets the revived tree run: what it owes, what was due, what waits in the inbox. */
  run(resumed: EventObject | undefined): void {
    const tree = this.#tree
    if (tree === undefined) return
    const { rest, rested, timersMoved } = this.#records
    const again = rest.known
    const held = this.#holdsEffects
    this.#holdsEffects = false
    rest.replace(undefined)
    // What its effects send at once comes after what was there before.
    this.intake.draining = true
    tree.start()
    if (again && resumed !== undefined && this.#lives(tree)) tree.send(resumed)
    this.intake.drain(tree, () => this.#lives(tree))
    if (again && this.#lives(tree)) tree.catchUp(this.options.clock.now())
    tree.startTimers()
    // The phase has changed, timers were moved, effects are held back, or somebody waits for the first checkpoint or for an event of the inbox.
    if (!again || rested || timersMoved || held || this.ledger.awaited) this.ledger.touch()
  }

  /** From now on events go into the inbox: timers that are due after them must not come before. */
  stopTimers(): void {
    this.#tree?.stopTimers()
  }

  /** Goes on after a checkpoint with what came meanwhile. */
  goOn(): void {
    const tree = this.#tree
    if (tree === undefined) return
    this.intake.drain(tree, () => this.#lives(tree))
    if (!this.#lives(tree)) return
    tree.catchUp(this.options.clock.now())
    tree.startTimers()
  }

  /**
   * Makes a first life durable though something holds it: its first transition is decided and what it
   * wants of the outside is owed, until the service goes on.
   */
  async beginHeld(): Promise<void> {
    this.#holdsEffects = true
    this.#tree?.start()
    this.ledger.touch()
    await this.ledger.durable()
  }

  /** Tells the tasks and waits until nothing is busy, or until the deadline; once that is over, no other is waited for. */
  async quiet(deadlineMs: number): Promise<void> {
    this.#tree?.interrupt()
    if (!this.#holdsEffects) await this.calm.quiet(deadlineMs)
  }

  /** From now on what is decided is owed: the tree is about to be let go. */
  holdEffects(): void {
    this.#holdsEffects = true
  }

  /** Takes the tree out of memory. What it had not made durable is gone with it. */
  letGo(): void {
    const tree = this.#tree
    this.#tree = undefined
    this.#holdsEffects = false
    this.intake.draining = false
    this.#records.rest.leave(tree?.effects.settledKeys)
    this.ledger.calm()
    this.intake.left()
    tree?.close()
    this.calm.ended()
  }

  /** Ends in an error: whoever waits is told; `note` has the failure written into the last good checkpoint. */
  fail(error: Error, note: boolean): void {
    this.intake.fail(error)
    this.calm.ended()
    if (!note) return
    const { options, intake, ledger, listener } = this
    this.#note ??= new FailureNote(
      options,
      this.#records,
      intake,
      ledger,
      listener,
      () => this.#tree !== undefined,
    )
    this.#note.write(error)
  }

  /** Answers whoever waits with the error, and forgets what came since its last checkpoint: the service has not failed. */
  refuse(error: Error): void {
    const { rest } = this.#records
    const came = this.intake.inbox.size > 0 && rest.known
    this.intake.refuse(error, came ? rest.record.eventKeys : undefined)
  }

  /** Resolves with a failure when it is noted in the store, as far as it can be. */
  async noted(): Promise<FailureRecord | undefined> {
    await this.#note?.writing
    return this.#records.failure
  }

  /** Resolves when all of it has come to the store, well or not; undefined where nothing is to come. */
  get writing(): Promise<void> | undefined {
    if (this.#note?.writing === undefined && !this.ledger.unwritten) return undefined
    return this.noted()
      .then(() => this.ledger.durable())
      .catch(() => this.ledger.landed())
  }

  get #facts() {
    return { service: this.options.definition.id, key: this.options.key }
  }

  #becameDurable(): void {
    const captured = this.#records.becameDurable(this.#tree)
    if (captured === this.#tree && !this.#holdsEffects) this.#tree?.release()
    this.calm.ended()
    if (this.#tree?.status !== 'done' || this.ledger.unwritten || this.#tree.busy) return
    if (this.intake.inbox.size > 0) this.listener.unapplied(this.intake.inbox.entries())
    this.listener.finished()
  }

  #turned(): void {
    this.lastTurnMs = this.options.clock.now()
    this.ledger.touch()
    this.calm.look()
  }

  #settled(): void {
    if (this.#tree === undefined || this.#tree.closing) return
    this.ledger.touchSoon()
    this.calm.ended()
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
