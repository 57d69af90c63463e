import {
  type Actor,
  type AnyStateMachine,
  createActor,
  type EventFromLogic,
  type EventObject,
  type SnapshotFrom,
  waitFor,
} from 'xstate'
import type { OutboxEntry } from '../checkpoint/record.js'
import { TardigradeError } from '../errors/base.js'
import {
  BackPressureError,
  EffectFailedError,
  FailedEarlierError,
  InvalidEventError,
  MachineFailedError,
  ReservedEventError,
  ServiceEndedError,
  UncapturableError,
  UnrunnableEffectError,
} from '../errors/service.js'
import type { Phase } from '../ports/store.js'
import type { ServiceDefinition } from '../service/definition.js'
import { outlivesProcess } from '../service/interruptions.js'
import { lifecycleMachine } from '../service/lifecycle.js'
import { Engine, type EngineOptions, type Revival } from './engine.js'
import { MachineView, type Observer, type Subscription } from './view.js'

/** A service's lifecycle, as XState sees it. */
export type LifecycleSnapshot = SnapshotFrom<typeof lifecycleMachine>

/** What a service tells its supervisor. */
export interface ServiceListener {
  failed(service: Service, error: Error): void
  warned(error: TardigradeError): void
  /** It slept, and somebody needs it. */
  wake(service: Service): void
}

/**
 * A running service: one instance of a definition under a key.
 *
 * It is an XState actor to `useSelector`, `waitFor` and inspectors: `getSnapshot` and `subscribe` show its
 * lifecycle (`running`, `paused` …), `machine` the author's machine. `send` is for the machine's events.
 *
 * @example
 * ```ts
 * const service = await supervisor.start(lamp, { key: 'hall' })
 * await service.send({ type: 'PRESS' })
 * service.getSnapshot().value          // 'running'
 * service.machine.getSnapshot().value  // 'on'
 * ```
 */
export class Service<TMachine extends AnyStateMachine = AnyStateMachine> {
  /** The author's machine. */
  readonly machine: MachineView<TMachine>
  /** The lifecycle's own actor, for inspectors. */
  readonly lifecycle: Actor<typeof lifecycleMachine>
  readonly #engine: Engine
  #retrying = false
  #holdsKnown = false
  #asleep = false
  #watchers = 0
  #activeAtMs: number

  /** @internal Made by a supervisor. */
  constructor(
    readonly definition: ServiceDefinition<TMachine>,
    readonly key: string,
    holds: readonly string[],
    private readonly options: Omit<EngineOptions, 'definition' | 'key'> & {
      readonly listener: ServiceListener
    },
  ) {
    this.machine = new MachineView(key)
    this.#activeAtMs = options.clock.now()
    this.#engine = new Engine(
      { ...options, definition, key },
      {
        standing: () => this.#standing(),
        finished: () => this.lifecycle.send({ type: 'lifecycle.finished' }),
        failed: (error) => this.#fail(error),
        snapshot: (snapshot) => this.machine.tellSnapshot(snapshot),
        emitted: (event) => this.machine.tellEmitted(event),
        unrunnable: (entry) => this.#warnUnrunnable(entry),
        active: () => {
          this.#activeAtMs = options.clock.now()
        },
      },
    )
    this.lifecycle = createActor(lifecycleMachine, {
      id: `${definition.id}/${key}`,
      input: { key, holds },
      ...(options.inspect === undefined ? {} : { inspect: options.inspect as never }),
    })
    this.#obey()
    this.lifecycle.start()
  }

  /** The key, as an actor's id. */
  get id(): string {
    return this.key
  }

  /** The lifecycle's snapshot: `value` is the state's name. */
  getSnapshot(): LifecycleSnapshot {
    return this.lifecycle.getSnapshot()
  }

  /** Hears of every change of the lifecycle. */
  subscribe(observer: Observer<LifecycleSnapshot> | ((snapshot: LifecycleSnapshot) => void)): Subscription {
    this.#watchers++
    const subscription =
      typeof observer === 'function' ? this.lifecycle.subscribe(observer) : this.lifecycle.subscribe(observer)
    let subscribed = true
    return {
      unsubscribe: () => {
        if (subscribed) this.#watchers--
        subscribed = false
        subscription.unsubscribe()
      },
    }
  }

  [Symbol.for('observable')](): this {
    return this
  }

  /**
   * Sends an event to the machine. Resolves when what it brought about is durable, or, while the service is
   * paused, when it is durable in the inbox.
   *
   * @param options `key`: an event with a key that was seen is acknowledged and not applied again
   * @throws {InvalidEventError | ReservedEventError} it is no event, or one that only XState may make
   * @throws {ServiceEndedError} the service is stopped, failed or done
   * @throws {BackPressureError} too many events wait already
   * @throws {MachineFailedError} the machine failed before the event was durable
   */
  send(event: EventFromLogic<TMachine>, options: { readonly key?: string } = {}): Promise<void> {
    const refusal = this.#refusal(event)
    if (refusal !== undefined) return Promise.reject(refusal)
    const { key } = options
    if (key !== undefined) {
      if (this.#engine.keys.has(key)) return this.#engine.durable()
      this.#engine.keys.add(key)
    }
    this.#wake()
    if (this.lifecycle.getSnapshot().value === 'running') return this.#engine.apply(event)
    return this.#engine.accept(event, key)
  }

  /**
   * Sets a hold: the service stops until it is released. Resolves when the service is paused and durable.
   * Holds of hosts' names end with the process; `user` and names of your own outlive it.
   *
   * @param hold why, `user` by default
   * @param options `deadlineMs`: how long tasks may take to reach a step; the definition's by default
   */
  async pause(hold = 'user', options: { readonly deadlineMs?: number } = {}): Promise<void> {
    this.#wake()
    const rested = this.lifecycle.getSnapshot().value === 'paused'
    const deadlineMs = options.deadlineMs ?? this.definition.deadlineMs
    this.lifecycle.send({ type: 'lifecycle.hold', hold, deadlineMs })
    if (rested && outlivesProcess(hold)) this.#engine.touch()
    await this.#reaches(['paused', 'stopped', 'done'])
    await this.#engine.durable()
  }

  /** Releases a hold. Resolves when the service runs, or rests because something else holds it. */
  async resume(hold = 'user'): Promise<void> {
    this.lifecycle.send({ type: 'lifecycle.release', hold })
    if (this.lifecycle.getSnapshot().value === 'paused' && outlivesProcess(hold)) this.#engine.touch()
    await this.#reaches(['running', 'paused', 'stopped', 'done'])
    await this.#engine.durable()
  }

  /** Takes a checkpoint now. Resolves when it is durable. */
  async checkpoint(): Promise<void> {
    if (this.#asleep) return
    if (this.lifecycle.getSnapshot().value === 'paused') {
      this.#engine.touch()
      return this.#engine.durable()
    }
    await this.#reaches(['running', 'checkpointing', 'paused', 'stopped', 'done'])
    this.lifecycle.send({ type: 'lifecycle.checkpoint' })
    await this.#reaches(['running', 'paused', 'stopped', 'done'])
  }

  /** Stops it for good in this process; another `supervisor.start` goes on from there. */
  async stop(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    this.#wake()
    this.lifecycle.send({
      type: 'lifecycle.stop',
      deadlineMs: options.deadlineMs ?? this.definition.deadlineMs,
    })
    await this.#reaches(['stopped', 'done'])
  }

  /**
   * Lets a failed service go on from its last checkpoint.
   *
   * @param options `lastGood`: set the newest checkpoint aside, in quarantine, and go on from the one before
   * @throws the error that it failed with again
   */
  async retry(options: { readonly lastGood?: boolean } = {}): Promise<void> {
    if (this.lifecycle.getSnapshot().value !== 'failed') return
    if (options.lastGood === true) {
      const { failure } = this.lifecycle.getSnapshot().context
      const newest = await this.options.claim.load(this.key)
      if (newest !== undefined) {
        await this.options.claim.quarantine(
          this.key,
          newest.sequence,
          failure?.message ?? 'set aside by hand',
        )
      }
    }
    this.#retrying = true
    this.lifecycle.send({ type: 'lifecycle.retry' })
    await this.#reaches(['running', 'paused', 'stopped', 'done'])
  }

  /** Resolves when everything decided is durable and every effect is done. Tasks may go on. */
  async settled(): Promise<void> {
    await this.#engine.settled()
  }

  /** @internal Sets a hold without waiting. */
  hold(hold: string, deadlineMs: number): void {
    this.lifecycle.send({ type: 'lifecycle.hold', hold, deadlineMs })
  }

  /** @internal */
  release(hold: string): void {
    this.lifecycle.send({ type: 'lifecycle.release', hold })
  }

  /** @internal Resolves when it rests, whatever way; rejects when it failed. */
  async rests(): Promise<void> {
    await this.#reaches(['paused', 'stopped', 'done'])
  }

  /** @internal Resolves when it is revived and durable, or failed. */
  async ready(): Promise<void> {
    await waitFor(this.lifecycle, ({ value }) => value !== 'resuming')
    // A failure is told by the lifecycle.
    await this.#engine.durable().catch(() => {})
  }

  /** @internal Milliseconds without anything happening; 0 while it must stay in memory. */
  idleSinceMs(nowMs: number): number {
    if (this.lifecycle.getSnapshot().value !== 'running' || this.#asleep) return 0
    if (this.#watchers > 0 || this.machine.watched || !this.#engine.idle) return 0
    return nowMs - this.#activeAtMs
  }

  /** @internal Lets the tree go from memory. Returns when its next timer is due. */
  sleep(): number | undefined {
    const wakeAtMs = this.#engine.tree?.wakeAtMs
    this.#asleep = true
    this.machine.detach()
    this.#engine.letGo()
    return wakeAtMs
  }

  /** @internal Brings it back to memory. */
  awaken(): void {
    if (!this.#asleep) return
    this.#asleep = false
    this.lifecycle.send({ type: 'lifecycle.wake' })
  }

  #wake(): void {
    if (!this.#asleep) return
    this.#activeAtMs = this.options.clock.now()
    // The supervisor counts it among the living again, and calls `awaken`.
    this.options.listener.wake(this as unknown as Service)
  }

  #refusal(event: unknown): Error | undefined {
    const facts = { service: this.definition.id, key: this.key }
    if (typeof event !== 'object' || event === null) return new InvalidEventError('it is no object', facts)
    if (!('type' in event) || typeof event.type !== 'string' || event.type === '') {
      return new InvalidEventError('its type is no text', facts)
    }
    if (/^(xstate|tardigrade)\./.test(event.type)) return new ReservedEventError(event.type, facts)
    const { value } = this.lifecycle.getSnapshot()
    if (value === 'stopped' || value === 'done' || value === 'failed')
      return new ServiceEndedError(value, facts)
    const { pending } = this.#engine
    if (pending >= this.definition.maxPendingEvents) return new BackPressureError(pending, facts)
    return undefined
  }

  #standing(): { readonly phase: Phase; readonly holds: readonly string[] } {
    const { value, context } = this.lifecycle.getSnapshot()
    const holds = context.holds.filter(outlivesProcess)
    if (value === 'stopped' || context.stopping) return { phase: 'stopped', holds }
    if (context.holds.length > 0) return { phase: 'paused', holds }
    return { phase: 'running', holds }
  }

  /** Carries out what the lifecycle decides. */
  #obey(): void {
    this.lifecycle.on('revive', () => void this.#revive())
    this.lifecycle.on('run', () => this.#run())
    this.lifecycle.on('interrupt', ({ deadlineMs }) => void this.#interrupt(deadlineMs))
    this.lifecycle.on('checkpoint', () => void this.#makeDurable())
    this.lifecycle.on('letGo', () => this.#letGo())
  }

  #revival: Revival | undefined

  async #revive(): Promise<void> {
    try {
      const revival = await this.#engine.revive()
      this.#revival = revival
      this.machine.attach(() => this.#engine.tree?.snapshot)
      const { failure } = revival
      if (revival.phase === 'failed' && failure !== undefined && !this.#retrying) {
        throw new FailedEarlierError(failure, { service: this.definition.id, key: this.key })
      }
      // Later on it is the lifecycle that knows: the record may still name a hold that was just released.
      for (const hold of this.#holdsKnown ? [] : revival.holds) {
        this.lifecycle.send({ type: 'lifecycle.hold', hold, deadlineMs: this.definition.deadlineMs })
      }
      this.#holdsKnown = true
      this.#retrying = false
      if (revival.fresh && this.getSnapshot().context.holds.length > 0) await this.#engine.beginHeld()
      this.lifecycle.send({ type: revival.ended ? 'lifecycle.finished' : 'lifecycle.revived' })
      // Holds and events that came meanwhile become durable at rest, since nothing else will write them.
      const { holds, phase } = this.#standing()
      const changed = holds.join() !== revival.holds.join() || phase !== revival.phase
      const rests = this.lifecycle.getSnapshot().value === 'paused'
      if (rests && (changed || this.#engine.pending > 0)) this.#engine.touch()
    } catch (error) {
      this.#retrying = false
      this.#fail(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #run(): void {
    const revival = this.#revival
    const { resumedEvent } = this.definition
    const again = revival !== undefined && !revival.fresh && resumedEvent !== undefined
    const crashed = revival?.phase === 'running'
    const resumed = again ? { type: resumedEvent, interruptions: revival.holds, crashed } : undefined
    try {
      this.#engine.run(resumed as EventObject | undefined)
    } catch (cause) {
      this.#fail(new MachineFailedError({ service: this.definition.id, key: this.key, cause }))
    }
  }

  async #interrupt(deadlineMs: number): Promise<void> {
    await this.#engine.quiet(deadlineMs)
    await this.#makeDurable()
  }

  async #makeDurable(): Promise<void> {
    try {
      this.#engine.touch()
      await this.#engine.durable()
      this.lifecycle.send({ type: 'lifecycle.durable' })
    } catch {
      // The failure that kept it from becoming durable was told to the lifecycle.
    }
  }

  #letGo(): void {
    this.machine.detach()
    const { value } = this.lifecycle.getSnapshot()
    this.#engine.letGo()
    if (value === 'done') this.machine.tellEnd(undefined)
  }

  #fail(error: Error): void {
    if (this.lifecycle.getSnapshot().value === 'failed') return
    this.lifecycle.send({ type: 'lifecycle.failed', error })
    this.#engine.break(error, isOwnFailure(error))
    this.machine.tellEnd(error)
    this.options.listener.failed(this as unknown as Service, error)
  }

  #warnUnrunnable(entry: OutboxEntry): void {
    const facts = { service: this.definition.id, key: this.key }
    this.options.listener.warned(new UnrunnableEffectError(entry.type, entry.key, facts))
  }

  /** Resolves in one of the states; rejects with the failure. */
  async #reaches(states: readonly LifecycleSnapshot['value'][]): Promise<void> {
    const { value, context } = await waitFor(
      this.lifecycle,
      (snapshot) => snapshot.value === 'failed' || states.includes(snapshot.value),
    )
    if (value === 'failed') throw context.failure ?? new Error('the service failed')
  }
}

/** Failures of the author's machine are noted in its checkpoint; those of stores and checkpoints leave it alone. */
function isOwnFailure(error: Error): boolean {
  return (
    error instanceof MachineFailedError ||
    error instanceof EffectFailedError ||
    error instanceof UncapturableError ||
    (error instanceof TardigradeError && error.code === 'UNENCODABLE')
  )
}
