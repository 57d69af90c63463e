import type { AnyStateMachine, EventFromLogic } from 'xstate'
import { isObject } from '../errors/option-checks.js'
import {
  BackPressureError,
  InvalidEventError,
  ReservedEventError,
  ServiceEndedError,
  SupervisorClosedError,
} from '../errors/service.js'
import type { ServiceDefinition } from '../service/definition.js'
import { eventKeyOf } from '../service/event-key.js'
import { outlivesProcess } from '../service/interruptions.js'
import { checkMethod } from './argument-checks.js'
import type { Conductor } from './conductor.js'
import { LifecycleRef } from './lifecycle-ref.js'
import { Retries } from './retries.js'
import type { MachineView } from './view.js'

interface SendOptions {
  readonly key?: string
}

const NO_OPTIONS: SendOptions = {}

/** An event's type; that of one that cannot be read is none. */
function typeOf(event: object): unknown {
  try {
    return Reflect.get(event, 'type')
  } catch {
    return undefined
  }
}

/**
 * A running service: one instance of a definition under a key.
 *
 * It is an XState actor to `useSelector`, `waitFor` and inspectors: `getSnapshot` and `subscribe` show its
 * lifecycle (`running`, `paused` …), `machine` the author's machine. `send` is for the machine's events. It is no actor of
 * another machine's system: `sendTo` does not reach it, and that machine's context keeps its key in its place.
 *
 * @example
 * ```ts
 * const service = await supervisor.start(lamp, { key: 'hall' })
 * await service.send({ type: 'PRESS' })
 * service.getSnapshot().value          // 'running'
 * service.machine.getSnapshot().value  // 'on'
 * ```
 */
export class Service<TMachine extends AnyStateMachine = AnyStateMachine> extends LifecycleRef {
  /** The author's machine. */
  readonly machine: MachineView<TMachine>
  /** The key: also its id as an actor. */
  readonly key: string
  readonly id: string
  readonly definition: ServiceDefinition<TMachine>
  readonly #conductor: Conductor
  readonly #retries: Retries

  /** @internal A weak map in its place would keep ended services long from being forgotten; React Native’s Babel refuses a static block. */
  static conductorOf(service: Service): Conductor {
    return service.#conductor
  }

  /** @internal Made by a supervisor. */
  constructor(conductor: Conductor) {
    super()
    this.#conductor = conductor
    this.#retries = new Retries(conductor)
    this.key = conductor.key
    this.id = conductor.key
    // The conductor runs this machine, whose type only the supervisor's `start` knows.
    this.machine = conductor.view as unknown as MachineView<TMachine>
    this.definition = conductor.definition as unknown as ServiceDefinition<TMachine>
  }

  protected override watching(change: 1 | -1): void {
    this.#conductor.sleep.watching(change)
  }

  /** The lifecycle's own actor, for inspectors. */
  override get lifecycle(): Conductor['lifecycle'] {
    return this.#conductor.lifecycle
  }

  /**
   * Sends an event to the machine. Resolves when what it brought about is durable, or, while the service is
   * paused, when it is durable in the inbox: where an earlier one ends the machine it is not applied, and `onWarning`
   * is told. Until it resolves, the object is the service's, as it is an actor's in XState: the machine and its
   * effects read it, so leave it as it is.
   *
   * @param options `key`: an event with a key that was seen is acknowledged and not applied again
   * @throws {UnencodableError} no checkpoint can keep the event, whose path the error names; the service goes on
   * @throws {UncapturableError} what the event brought about cannot be kept, such as an actor without an id; with it
   * the service failed
   * @throws {InvalidEventError | ReservedEventError} it is no event, or one that only XState may make
   * @throws {ServiceEndedError} the service is stopped, done or failed, and what it failed with is the `cause`
   * @throws {SupervisorClosedError} its supervisor is closed
   * @throws {InvalidOptionError} an option is unknown, or the key is no text of 1 to 512 characters
   * @throws {BackPressureError} too many events wait already
   * @throws {MachineFailedError} the machine failed before the event was durable
   */
  send(event: EventFromLogic<TMachine>, options: SendOptions = NO_OPTIONS): Promise<void> {
    try {
      return this.#send(event, options)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /**
   * Sets a hold: the service stops until it is released. Resolves when the service is paused and durable.
   * It is released by `resume` alone, though a host set and released one of the same name. Holds of hosts' names
   * end with the process; `user` and names of your own outlive it. One that is stopped or done rests already, and is left as it is.
   *
   * @param hold why, `user` by default
   * @param options `deadlineMs`: how long tasks may take to reach a step; the definition's by default
   * @throws {InvalidOptionError} the deadline is no time, or the hold no text of 1 to 512 characters
   * @throws {SupervisorClosedError} its supervisor is closed
   * @throws the error that the service has failed with
   */
  async pause(hold = 'user', options: { readonly deadlineMs?: number } = {}): Promise<void> {
    const conductor = this.#open
    const { facts } = conductor
    checkMethod('pause', options, facts)
    checkMethod('hold', { hold }, facts)
    // One that has failed is at rest already; a hold would outlast its retry.
    const { failure } = this.getSnapshot().context
    if (failure !== undefined) throw failure
    conductor.sleep.need()
    const rested = conductor.state === 'paused'
    conductor.hold(hold, options.deadlineMs)
    if (rested && outlivesProcess(hold)) conductor.engine.ledger.touch()
    await conductor.restsUnder(hold)
    await conductor.engine.durable()
  }

  /**
   * Releases a hold that `pause` has set; those of hosts are theirs to release. Resolves when the service runs, or
   * rests because something else holds it.
   * @throws {SupervisorClosedError} its supervisor is closed
   * @throws the error that it failed with at what was owed or waited in its inbox
   */
  async resume(hold = 'user'): Promise<void> {
    const conductor = this.#open
    conductor.release(hold)
    if (conductor.state === 'paused' && outlivesProcess(hold)) conductor.engine.ledger.touch()
    await conductor.goneOn()
  }

  /**
   * Takes a checkpoint now. Resolves when it is durable.
   * @throws {SupervisorClosedError} its supervisor is closed
   */
  async checkpoint(): Promise<void> {
    const conductor = this.#open
    const { engine } = conductor
    if (conductor.sleep.asleep) return
    if (conductor.state === 'paused') engine.ledger.touch()
    else {
      await conductor.reaches('running', 'checkpointing', 'paused', 'stopped', 'done')
      conductor.tell({ type: 'lifecycle.checkpoint' })
      await conductor.reaches('running', 'paused', 'stopped', 'done')
    }
    // A round that was under way already may have taken less than there was when this one was asked for.
    await engine.durable()
  }

  /**
   * Stops it for good in this process; another `supervisor.start` goes on from there.
   * @throws {InvalidOptionError} the deadline is no time
   * @throws {SupervisorClosedError} its supervisor is closed
   */
  async stop(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    const conductor = this.#open
    checkMethod('stop', options, conductor.facts)
    conductor.sleep.need()
    conductor.tell({
      type: 'lifecycle.stop',
      deadlineMs: options.deadlineMs ?? this.definition.deadlineMs,
    })
    await conductor.engine.noted()
    await conductor.reaches('stopped', 'done')
  }

  /**
   * Lets a failed service go on from its last checkpoint; resolves when it has, or rests. What it fails at later `onFailed` hears.
   *
   * @param options `lastGood`: set the newest checkpoint aside, in quarantine, and go on from the one before. Where the
   * service failed in that state, as with an effect that it owes, all that the store keeps of the state goes with it: the
   * notes of the failure, and what retries of which nothing came have written. Where an event of its inbox was at fault, it goes on
   * without that one: it stays in the checkpoint in quarantine, and may be sent again under its key.
   * @throws the error that it failed with again
   * @throws {SupervisorClosedError} its supervisor is closed
   * @throws {NoGoodCheckpointError} `lastGood`, and the store keeps no checkpoint of an earlier state
   */
  async retry(options: { readonly lastGood?: boolean } = {}): Promise<void> {
    checkMethod('retry', options, this.#open.facts)
    return this.#retries.retry(options.lastGood === true)
  }

  /**
   * Resolves when everything decided is durable and every effect is done: where something holds the service, when that
   * has let it go and what it owes has run. Tasks may go on; what waits in its inbox meanwhile is not decided, and not waited for.
   * @throws the error with which the service failed
   * @throws {EffectsOwedError} it is stopped or its supervisor closed, and it owes effects
   */
  settled(): Promise<void> {
    return this.#conductor.settled()
  }

  /** For whatever would change it: once the store is given back, no more of that could become durable. */
  get #open(): Conductor {
    const { options, facts } = this.#conductor
    if (options.committer.closed) throw new SupervisorClosedError(facts)
    return this.#conductor
  }

  #send(event: EventFromLogic<TMachine>, options: SendOptions): Promise<void> {
    const { engine, sleep, chaos, facts } = this.#conductor
    // Those that were not given cost no look.
    if (options !== NO_OPTIONS) checkMethod('send', options, facts)
    const refusal = this.#refusal(event)
    const key = options.key ?? eventKeyOf(event)
    if (refusal !== undefined) {
      // Who repeats what an ended service has taken, having lost the answer, shall hear that it came.
      const ended = refusal instanceof ServiceEndedError && refusal.state !== 'failed'
      if (ended && key !== undefined && engine.intake.keys.has(key)) return engine.durable()
      throw refusal
    }
    // While a checkpoint is read, only what stands in it is known to have been taken.
    const seen = key !== undefined && !engine.intake.reading && !engine.intake.keys.admit(key)
    if (seen) return engine.durable()
    sleep.need()
    const runs = this.#conductor.state === 'running' && !engine.intake.draining
    const sent = runs ? engine.apply(event, key) : engine.accept(event, key)
    return chaos?.after(sent) ?? sent
  }

  /** @throws {SupervisorClosedError} it would be taken, but its supervisor is closed */
  #refusal(event: unknown): Error | undefined {
    const { facts } = this.#conductor
    if (!isObject(event)) return new InvalidEventError('it is no object', facts)
    const type = typeOf(event)
    if (typeof type !== 'string' || type === '') return new InvalidEventError('its type is no text', facts)
    if (/^(xstate|tardigrade)\./.test(type)) return new ReservedEventError(type, facts)
    const { value, context } = this.lifecycle.getSnapshot()
    if (value === 'stopped' || value === 'done' || value === 'failed')
      return new ServiceEndedError(value, { ...facts, cause: context.failure })
    // Its last effects are all that is left, now or when it goes on.
    if (this.#conductor.view.ended) return new ServiceEndedError('done', facts)
    const { pending } = this.#open.engine.intake
    if (pending >= this.definition.maxPendingEvents) return new BackPressureError(pending, facts)
    return undefined
  }
}

/** The conductor behind a service, for its supervisor. */
export const { conductorOf } = Service
