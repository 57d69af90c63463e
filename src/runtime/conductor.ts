import { type Actor, createActor, type SnapshotFrom } from 'xstate'
import type { OutboxEntry } from '../checkpoint/record.js'
import { TardigradeError } from '../errors/base.js'
import {
  EffectsOwedError,
  FailedEarlierError,
  MachineFailedError,
  ServiceEndedError,
  UnrunnableEffectError,
} from '../errors/service.js'
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
import { Chaos, type ChaosSubject } from './chaos.js'
import { Engine } from './engine.js'
import type { EngineOptions, Revival } from './engine-types.js'
import { isOwnFailure } from './failures.js'
import { Resumption } from './resumption.js'
import { Rounds } from './rounds.js'
import { MachineView } from './view.js'
import { goesOn, reaches, restsUnder } from './waits.js'

/** A service's lifecycle, as XState sees it. */
export type LifecycleSnapshot = SnapshotFrom<typeof lifecycleMachine>

/** Whom a conductor tells. */
export interface ConductorListener {
  failed(error: Error): void
  warned(error: TardigradeError): void
  /** It slept, and somebody needs it. */
  needed(): void
}

/** Carries out what a service's lifecycle decides, with its engine, and tells the lifecycle what came of it. */
export class Conductor {
  readonly lifecycle: Actor<typeof lifecycleMachine>
  readonly engine: Engine
  readonly view: MachineView<never>
  /** Has the tree live again after every event; undefined outside of tests. */
  readonly chaos: Chaos | undefined
  asleep = false
  /** How many watch the lifecycle from outside. */
  watchers = 0
  #retrying = false
  /** It has failed, and neither the lifecycle nor the listener may know yet. */
  #failing = false
  #holdsKnown = false
  /** It was only out of memory, so that the revival to come is no interruption. */
  #slept: boolean
  /** Stored holds that were released before they were read. */
  readonly #releasedEarly = new Set<string>()
  #revival: Revival | undefined
  readonly #resumption: Resumption
  readonly #rounds: Rounds
  #reviving: Promise<void> | undefined
  #activeAtMs: number

  constructor(
    readonly definition: ServiceDefinition,
    readonly key: string,
    {
      holds,
      slept,
      chaos,
    }: { readonly holds: readonly Hold[]; readonly slept: boolean; readonly chaos: boolean },
    private readonly options: Omit<EngineOptions, 'definition' | 'key'>,
    private readonly listener: ConductorListener,
  ) {
    this.view = new MachineView(key)
    this.#slept = slept
    this.#resumption = new Resumption(definition.resumedEvent)
    for (const { name } of holds) this.#resumption.interruptedBy(name)
    this.#activeAtMs = options.clock.now()
    this.engine = new Engine(
      { ...options, definition, key },
      {
        standing: () => this.#standing(),
        runs: () => this.state === 'running',
        finished: () => this.tell({ type: 'lifecycle.finished' }),
        failed: (error) => this.#fail(error),
        snapshot: (snapshot) => this.view.tellSnapshot(snapshot),
        emitted: (event) => this.view.tellEmitted(event),
        unrunnable: (entry) => this.#warnUnrunnable(entry),
        active: () => {
          this.#activeAtMs = options.clock.now()
        },
      },
    )
    this.chaos = chaos ? new Chaos(this.#chaosSubject()) : undefined
    this.lifecycle = createActor(lifecycleMachine, {
      id: `${definition.id}/${key}`,
      // For the types alone: one that is restored takes no input.
      input: { key, holds },
      snapshot: beginningLifecycle(key, holds),
      ...(options.inspect === undefined ? {} : { inspect: options.inspect as never }),
    })
    this.#rounds = new Rounds(this.lifecycle, this.engine)
    this.lifecycle.on('*', (command) => this.#obey(command))
    this.lifecycle.start()
    this.#obey({ type: 'revive' })
  }

  get state(): LifecycleSnapshot['value'] {
    return this.lifecycle.getSnapshot().value
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
    // What is stored is the program's.
    if (!this.#holdsKnown && by === PROGRAM) this.#releasedEarly.add(hold)
    this.tell({ type: 'lifecycle.release', hold, by })
  }

  /** Resolves when it rests because of the hold, or the hold is gone again; rejects with the failure. */
  restsUnder(hold: string, by = PROGRAM): Promise<void> {
    return restsUnder(this.lifecycle, { name: hold, by })
  }

  /** Goes on after a failure, though the checkpoint says that it failed. */
  retry(): void {
    this.#retrying = true
    this.tell({ type: 'lifecycle.retry' })
  }

  /** Resolves in one of the states; rejects with the failure. */
  reaches(...states: readonly LifecycleSnapshot['value'][]): Promise<void> {
    return reaches(this.lifecycle, states)
  }

  /** Resolves when it is revived and durable, or failed. */
  async ready(): Promise<void> {
    // Whatever ends one revival may begin another.
    while (this.state === 'resuming') await this.#reviving
    // A failure is told by the lifecycle.
    await this.engine.ledger.durable().catch(() => {})
  }

  /** Resolves when everything decided is durable and every effect is done. Throws as `Service.settled` does. */
  async settled(): Promise<void> {
    for (;;) {
      await this.engine.calm.settled()
      if (!this.engine.owes) return
      if (!(await goesOn(this.lifecycle))) throw new EffectsOwedError(this.#facts)
    }
  }

  /** Milliseconds without anything happening; undefined while something keeps it in memory. */
  idleForMs(nowMs: number): number | undefined {
    if (this.state !== 'running' || this.asleep || !this.engine.calm.idle) return undefined
    if (this.view.watched || this.watchers > 0) return undefined
    return nowMs - this.#activeAtMs
  }

  /** Lets the tree go from memory. Returns when its next timer is due. */
  sleep(): number | undefined {
    const wakeAtMs = this.engine.tree?.wakeAtMs
    this.asleep = true
    this.view.detach()
    this.engine.letGo()
    return wakeAtMs
  }

  /** Asks to be brought back, when it sleeps. */
  need(): void {
    if (!this.asleep) return
    this.#activeAtMs = this.options.clock.now()
    // The supervisor counts it among the living again, and calls `awaken`.
    this.listener.needed()
  }

  /** Brings it back to memory. */
  awaken(): void {
    if (!this.asleep) return
    this.asleep = false
    this.#slept = true
    this.tell({ type: 'lifecycle.wake' })
  }

  get #facts() {
    return { service: this.definition.id, key: this.key }
  }

  #obey(command: LifecycleCommand): void {
    // Between two lives of the tree there is none to command.
    if (this.chaos?.defers(() => this.#obey(command))) return
    if (command.type === 'revive') this.#reviving = this.#revive()
    else if (command.type === 'run')
      this.#tryRunning(() => this.engine.run(this.#resumption.eventOf(this.#revival)))
    else if (command.type === 'interrupt') void this.#rounds.interrupt(command.deadlineMs, command.round)
    else if (command.type === 'checkpoint') void this.#rounds.checkpoint(command.round)
    else if (command.type === 'drain') this.#tryRunning(() => this.engine.goOn())
    else this.#letGo()
  }

  #standing(): { readonly phase: Phase; readonly holds: readonly string[] } {
    const { value, context } = this.lifecycle.getSnapshot()
    const holds = durableHolds(context.holders)
    if (value === 'stopped' || context.stopping) return { phase: 'stopped', holds }
    return { phase: context.holds.length > 0 ? 'paused' : 'running', holds }
  }

  async #revive(): Promise<void> {
    // Read at once: a retry may begin while this one still ends.
    const retrying = this.#retrying
    const slept = this.#slept
    this.#retrying = false
    this.#slept = false
    try {
      const revival = await this.engine.revive(slept)
      this.#revival = revival
      this.view.attach(() => this.engine.tree?.snapshot)
      const { failure } = revival
      if (revival.phase === 'failed' && failure !== undefined && !retrying) {
        throw new FailedEarlierError(failure, this.#facts)
      }
      // Later on it is the lifecycle that knows: the record may still name a hold that was just released.
      for (const hold of this.#holdsKnown ? [] : revival.holds) {
        if (this.#releasedEarly.has(hold)) this.#resumption.interruptedBy(hold)
        else this.hold(hold)
      }
      this.#holdsKnown = true
      const { holds, stopping } = this.lifecycle.getSnapshot().context
      if (revival.fresh && (holds.length > 0 || stopping)) await this.engine.beginHeld()
      this.tell({ type: revival.ended ? 'lifecycle.finished' : 'lifecycle.revived' })
      this.#writeRest(revival)
    } catch (error) {
      this.#failWith(error)
    }
  }

  #failWith(error: unknown): void {
    if (error instanceof TardigradeError) this.#fail(withFacts(error, this.#facts))
    else this.#fail(error instanceof Error ? error : new Error(String(error)))
  }

  /** Holds and events that came while it was revived: at rest, nothing else would write or answer them. */
  #writeRest(revival: Revival): void {
    if (this.state === 'done') this.engine.intake.refuse(new ServiceEndedError('done', this.#facts))
    if (this.state !== 'paused' && this.state !== 'stopped') return
    const { holds, phase } = this.#standing()
    const changed = holds.join() !== revival.holds.join() || phase !== revival.phase
    if (changed || this.engine.ledger.awaited) this.engine.ledger.touch()
  }

  /** Has the author's machine run on; what it throws at that is its failure. */
  #tryRunning(run: () => void): void {
    try {
      run()
    } catch (cause) {
      this.#fail(new MachineFailedError({ ...this.#facts, cause }))
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

  #chaosSubject(): ChaosSubject {
    const { engine } = this
    return {
      engine,
      calm: () => this.state === 'running' && !this.asleep && engine.calm.isSettled,
      cover: () => {
        this.view.detach()
        this.view.attach(() => engine.tree?.snapshot)
      },
      lives: () => this.state !== 'failed',
      failed: (error) => this.#failWith(error),
    }
  }

  #warnUnrunnable(entry: OutboxEntry): void {
    this.listener.warned(new UnrunnableEffectError(entry.type, entry.key, this.#facts))
  }
}
