import { type Actor, createActor, type SnapshotFrom } from 'xstate'
import type { InboxEntry } from '../checkpoint/record.js'
import { type ErrorFacts, TardigradeError } from '../errors/base.js'
import {
  EffectsOwedError,
  MachineFailedError,
  UnappliedEventsError,
  UnrunnableEffectError,
} from '../errors/service.js'
import { errorOf } from '../errors/thrown.js'
import { withFacts } from '../errors/with-facts.js'
import type { Phase } from '../ports/store.js'
import type { ServiceDefinition } from '../service/definition.js'
import { durableHolds, type Hold, PROGRAM } from '../service/holds.js'
import {
  beginningLifecycle,
  type LifecycleCommand,
  type LifecycleEvent,
  lifecycleMachine,
} from '../service/lifecycle.js'
import { forgetAtEnd } from '../xstate/executor.js'
import { Chaos } from './chaos.js'
import { Engine } from './engine.js'
import type { EngineOptions } from './engine-types.js'
import { isOwnFailure } from './failures.js'
import { inspectorOf } from './inspector-of.js'
import { Resumption } from './resumption.js'
import { Revivals } from './revivals.js'
import { Rounds } from './rounds.js'
import { Sleep } from './sleep.js'
import { MachineView } from './view.js'
import { goesOn, reaches, restsUnder } from './waits.js'

/** A service's lifecycle, as XState sees it. */
export type LifecycleSnapshot = SnapshotFrom<typeof lifecycleMachine>

/** How a service begins. */
export interface Beginning {
  readonly holds: readonly Hold[]
  /** It was only out of memory. */
  readonly slept: boolean
  /** Whether its tree lives again after every event. */
  readonly chaos: boolean
}

/** Whom a conductor tells. */
export interface ConductorListener {
  failed(error: Error): void
  warned(error: TardigradeError): void
  /** It slept, and somebody needs it. */
  needed(): void
  /** It sleeps, and somebody begins to watch it, or nobody does any more. */
  watched(isWatched: boolean): void
}

function unappliedEvents(entries: readonly InboxEntry[], facts: ErrorFacts): UnappliedEventsError {
  const events = entries.map(({ event: { type }, key }) => ({ type, ...(key === undefined ? {} : { key }) }))
  return new UnappliedEventsError(events, facts)
}

/** Carries out what a service's lifecycle decides, with its engine, and tells the lifecycle what came of it. */
export class Conductor {
  readonly lifecycle: Actor<typeof lifecycleMachine>
  readonly engine: Engine
  readonly view: MachineView<never>
  readonly sleep: Sleep
  /** Has the tree live again after every event; undefined outside of tests. */
  readonly chaos: Chaos | undefined
  readonly #revivals: Revivals
  readonly #resumption: Resumption
  readonly #rounds: Rounds
  /** It has failed, and neither the lifecycle nor the listener may know yet. */
  #failing = false

  constructor(
    readonly options: EngineOptions,
    { holds, slept, chaos }: Beginning,
    private readonly listener: ConductorListener,
  ) {
    const { definition, key, clock } = options
    const { version, machine } = definition
    options.observe?.({ type: 'began', version, machine })
    const inspect = inspectorOf(options.inspect, { definition: definition.id, key, part: 'lifecycle' })
    this.view = new MachineView(key, this.facts, () => this.sleep.watchChanged())
    this.#resumption = new Resumption(definition.resumedEvent)
    for (const { name } of holds) this.#resumption.interruptedBy(name)
    this.engine = new Engine(options, {
      standing: () => this.standing(),
      runs: () => this.state === 'running',
      finished: () => this.tell({ type: 'lifecycle.finished' }),
      failed: (error) => this.#fail(error),
      snapshot: (snapshot) => this.view.tellSnapshot(snapshot),
      emitted: (event) => this.view.tellEmitted(event),
      unrunnable: ({ type, key }) => listener.warned(new UnrunnableEffectError(type, key, this.facts)),
      unapplied: (entries) => listener.warned(unappliedEvents(entries, this.facts)),
    })
    this.sleep = new Sleep(this, clock, listener)
    this.chaos = chaos ? new Chaos(this) : undefined
    this.lifecycle = createActor(lifecycleMachine, {
      id: `${definition.id}/${key}`,
      // For the types alone: one that is restored takes no input.
      input: { key, holds },
      snapshot: beginningLifecycle(key, holds),
      ...(inspect === undefined ? {} : { inspect }),
    })
    forgetAtEnd(this.lifecycle)
    this.#rounds = new Rounds(this.lifecycle, this.engine)
    this.#revivals = new Revivals(this, this.#resumption, slept)
    this.lifecycle.on('*', (command) => this.#obey(command))
    this.lifecycle.start()
    this.#obey({ type: 'revive' })
  }

  get definition(): ServiceDefinition {
    return this.options.definition
  }

  get key(): string {
    return this.options.key
  }

  /** Whose errors and warnings these are. */
  get facts(): { readonly service: string; readonly key: string } {
    return { service: this.definition.id, key: this.key }
  }

  get state(): LifecycleSnapshot['value'] {
    return this.lifecycle.getSnapshot().value
  }

  /** The phase that a checkpoint taken now should have, and the holds that outlive the process. */
  standing(): { readonly phase: Phase; readonly holds: readonly string[] } {
    const { value, context } = this.lifecycle.getSnapshot()
    const holds = durableHolds(context.holders)
    if (value === 'stopped' || context.stopping) return { phase: 'stopped', holds }
    return { phase: context.holds.length > 0 ? 'paused' : 'running', holds }
  }

  /** Says it to the lifecycle; one that has ended needs to know no more. */
  tell(event: LifecycleEvent): void {
    if (this.lifecycle.getSnapshot().status === 'active') this.lifecycle.send(event)
  }

  /** Sets a hold without waiting. Milliseconds by the definition where the deadline is not given. */
  hold(hold: string, deadlineMs = this.definition.deadlineMs, by = PROGRAM): void {
    this.#resumption.interruptedBy(hold)
    this.tell({ type: 'lifecycle.hold', hold, by, deadlineMs })
  }

  /** Takes back a hold that the same one has set. */
  release(hold: string, by = PROGRAM): void {
    if (by === PROGRAM) this.#revivals.released(hold)
    this.tell({ type: 'lifecycle.release', hold, by })
  }

  /** Resolves when it rests because of the hold, or the hold is gone again; rejects with the failure. */
  restsUnder(hold: string, by = PROGRAM): Promise<void> {
    return restsUnder(this.lifecycle, { name: hold, by })
  }

  /** Goes on after a failure, though the checkpoint says that it failed. */
  retry(): void {
    this.#revivals.retrying = true
    this.tell({ type: 'lifecycle.retry' })
  }

  /** Brings it back to memory. */
  awaken(): void {
    if (!this.sleep.asleep) return
    this.sleep.asleep = false
    this.#revivals.slept = true
    this.tell({ type: 'lifecycle.wake' })
  }

  /** Resolves in one of the states; rejects with the failure. */
  reaches(...states: readonly LifecycleSnapshot['value'][]): Promise<void> {
    return reaches(this.lifecycle, states)
  }

  /** Resolves when it has gone on, or rests, and that is durable. @throws what it failed with meanwhile */
  async goneOn(): Promise<void> {
    await this.reaches('running', 'paused', 'stopped', 'done')
    await this.engine.durable()
    // What was owed and what its inbox held runs at once, and may fail: by now that may be noted.
    const { failure } = this.lifecycle.getSnapshot().context
    if (failure !== undefined) throw failure
  }

  /** Resolves when it is revived and durable, or failed. */
  async ready(): Promise<void> {
    await this.#revivals.over()
    // A failure is told by the lifecycle.
    await this.engine.ledger.durable().catch(() => {})
  }

  /** Resolves when everything decided is durable and every effect is done. Throws as `Service.settled` does. */
  async settled(): Promise<void> {
    for (;;) {
      await this.engine.calm.settled()
      // While its failure is being noted, its ledger takes commits again.
      const { failure } = this.lifecycle.getSnapshot().context
      if (failure !== undefined) throw failure
      if (!this.engine.owes) return this.chaos?.relived()
      if (!(await goesOn(this.lifecycle))) throw new EffectsOwedError(this.facts)
    }
  }

  /** It fails with what was thrown. */
  failWith(error: unknown): void {
    if (error instanceof TardigradeError) this.#fail(withFacts(error, this.facts))
    else this.#fail(errorOf(error))
  }

  #obey(command: LifecycleCommand): void {
    // Between two lives of the tree there is none to command.
    if (this.chaos?.defers(() => this.#obey(command))) return
    if (command.type === 'revive') this.#revivals.begin()
    else if (command.type === 'run')
      this.#tryRunning(() => this.engine.run(this.#resumption.eventOf(this.#revivals.found)))
    else if (command.type === 'interrupt') void this.#rounds.interrupt(command.deadlineMs, command.round)
    else if (command.type === 'checkpoint') void this.#rounds.checkpoint(command.round)
    else if (command.type === 'drain') this.#tryRunning(() => this.engine.goOn())
    else this.#letGo()
  }

  /** Has the author's machine run on; what it throws at that is its failure. */
  #tryRunning(run: () => void): void {
    try {
      run()
    } catch (cause) {
      this.#fail(new MachineFailedError({ ...this.facts, cause }))
    }
  }

  #letGo(): void {
    this.#resumption.left(this.state !== 'failed')
    this.view.detach()
    this.engine.letGo()
    if (this.state === 'done') this.view.tellEnd(undefined)
  }

  #fail(error: Error): void {
    if (this.#failing || this.state === 'failed') return
    this.#failing = true
    // Told when the lifecycle knows, so that it may be retried: in the middle of its own command that hears of it
    // when the command is over.
    queueMicrotask(() => {
      this.#failing = false
      this.listener.failed(error)
    })
    this.tell({ type: 'lifecycle.failed', error })
    this.engine.fail(error, isOwnFailure(error))
    this.view.tellEnd(error)
  }
}
