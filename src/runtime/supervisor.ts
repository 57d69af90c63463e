/// <reference lib="esnext.disposable" preserve="true" />
import type { AnyStateMachine, InputFrom, InspectionEvent } from 'xstate'
import type { TardigradeError } from '../errors/base.js'
import { ForeignCheckpointError } from '../errors/checkpoint.js'
import { CloseFailedError, type CloseFailure } from '../errors/host.js'
import { NotWokenError, SupervisorClosedError, UnknownServiceError } from '../errors/service.js'
import { InvalidKeyError } from '../errors/store.js'
import type { Clock } from '../ports/clock.js'
import type { Host, HostSink } from '../ports/host.js'
import type { CheckpointSummary, Store, StoreClaim } from '../ports/store.js'
import type { ServiceDefinition } from '../service/definition.js'
import { apart } from '../xstate/apart.js'
import { createTreeCodec, type TreeCodec } from '../xstate/codec.js'
import { chaosByEnvironment } from './chaos.js'
import { systemClock } from './clock.js'
import { type CloseReport, holdForClosing, restAll } from './closing.js'
import { Committer } from './committer.js'
import { Conductor } from './conductor.js'
import { HostHolds } from './host-holds.js'
import { setUpHosts } from './host-setup.js'
import { Incarnations } from './incarnations.js'
import { Roster } from './roster.js'
import { Service } from './service.js'
import type { StartArguments } from './start-options.js'
import { Stretch } from './stretch.js'
import { claimStore } from './typed-claim.js'

export interface SupervisorOptions {
  /** Where checkpoints live; claimed for this process. */
  readonly store: Store
  /** Where interruptions come from: one platform or several. Default: nowhere. */
  readonly host?: Host | readonly Host[]
  /** Definitions whose stored services `resumeAll` and timers may bring back without a `start`. */
  readonly definitions?: readonly ServiceDefinition[]
  /** An idle service is let go from memory after this time, in ms. Default: never. */
  readonly idleAfterMs?: number
  readonly clock?: Clock
  /**
   * Lets go of every service and revives it after every event, so that the tests of a program test interruptions as
   * well: what keeps state beside its checkpoint fails then. Default: whether the environment has `TARDIGRADE_CHAOS=1`.
   */
  readonly chaos?: boolean
  /** Hears of every service that fails. Default: the message goes to console.error. */
  readonly onFailed?: (service: Service, error: Error) => void
  /** Hears what is amiss but stops nothing. Default: the message goes to console.warn. */
  readonly onWarning?: (warning: TardigradeError) => void
  /** XState's inspection events of every service: its machine and its lifecycle. */
  readonly inspect?: (event: InspectionEvent) => void
}

/**
 * Keeps the services of one process on one store and one host.
 *
 * @example
 * ```ts
 * const supervisor = await createSupervisor({ store: sqliteStore('.tardigrade'), host: nodeHost() })
 * const service = await supervisor.start(transfer, { key: 'invoice-7', input })
 * // …
 * await supervisor.close({ deadlineMs: 5000 })
 * ```
 */
export class Supervisor {
  readonly #roster: Roster
  readonly #committer: Committer
  readonly #incarnations: Incarnations
  readonly #clock: Clock
  readonly #stretch: Stretch
  readonly #codecs = new Map<ServiceDefinition, TreeCodec>()
  /** What the hosts hold, each for itself: services that start or wake later are held too. */
  readonly #hostHolds: HostHolds
  readonly #cleanUpHosts: () => readonly CloseFailure[]
  #sweep: unknown
  #closing: Promise<CloseReport> | undefined

  /** @internal Use `createSupervisor`. */
  constructor(
    private readonly options: SupervisorOptions,
    private readonly claim: StoreClaim,
  ) {
    this.#clock = options.clock ?? systemClock
    this.#stretch = new Stretch(this.#clock)
    this.#committer = new Committer(claim, this.#stretch)
    this.#incarnations = new Incarnations(this.#clock, claim.epoch)
    this.#roster = new Roster({
      claim,
      clock: this.#clock,
      make: (definition, key, input, slept) => this.#make(definition, key, input, slept),
      notWoken: (key, cause) => this.#warn(new NotWokenError({ key, cause })),
      applyHolds: (conductor) => {
        for (const { name, deadlineMs, by } of this.#hostHolds.for(conductor.definition))
          conductor.hold(name, deadlineMs, by)
        if (this.#closing !== undefined) holdForClosing(conductor)
      },
    })
    for (const definition of options.definitions ?? [])
      this.#roster.definitions.set(definition.id, definition)
    const shutdown: HostSink['shutdown'] = async (options) => void (await this.close(options))
    this.#hostHolds = new HostHolds(() => this.#roster.conductors, shutdown)
    const hosts = options.host === undefined ? [] : [options.host].flat()
    this.#cleanUpHosts = setUpHosts(hosts, (index) => this.#hostHolds.sink(`host ${index + 1}`))
    this.#scheduleSweep()
  }

  /**
   * Starts a service, or goes on with the one that the store holds under this key.
   *
   * Resolves when it is revived and durable. A checkpoint that cannot be used leaves it in the state
   * `failed`; nothing is started afresh.
   *
   * @param options `key`: the definition's id by default; `input`: for a first start, and required where the
   * machine's input type is, since nobody knows beforehand whether the store holds the service; `get` takes none
   * @throws {SupervisorClosedError} the supervisor is closed
   * @throws {ForeignCheckpointError} a service of another definition runs under this key
   * @throws {InvalidKeyError} the key is none that a store can keep
   *
   * @example
   * ```ts
   * const service = await supervisor.start(transfer, { key: 'invoice-7', input: { from, to } })
   * const lamp = await supervisor.start(lampWithoutInput)
   * ```
   */
  async start<TMachine extends AnyStateMachine>(
    definition: ServiceDefinition<TMachine>,
    ...[options = {}]: StartArguments<InputFrom<TMachine>>
  ): Promise<Service<TMachine>> {
    const key = options.key ?? definition.id
    // A definition of one machine is a definition of any.
    const general = definition as unknown as ServiceDefinition
    this.#roster.definitions.set(definition.id, general)
    const service = await this.#roster.start(general, key, options.input)
    if (service.definition.id !== definition.id) {
      const facts = { service: definition.id, key }
      throw new ForeignCheckpointError(`a running ${service.definition.id}`, definition.id, facts)
    }
    const { failure } = service.getSnapshot().context
    if (failure instanceof InvalidKeyError) {
      this.#roster.forget(key)
      throw failure
    }
    // It runs this very machine, as its id says.
    return service as unknown as Service<TMachine>
  }

  /**
   * The service under this key: running, or brought back from the store when its definition is known here.
   * @throws {UnknownServiceError} neither
   * @throws {SupervisorClosedError} the supervisor is closed
   */
  get(key: string): Promise<Service> {
    return this.#roster.get(key)
  }

  /** What the store holds, page by page in the order of keys; see `StoreReader.list`. */
  list(page?: { readonly after?: string; readonly limit?: number }): Promise<readonly CheckpointSummary[]> {
    return this.claim.list(page)
  }

  /** The services in memory. */
  services(): readonly Service[] {
    return this.#roster.services
  }

  /** How many services sleep: out of memory, to be woken by an event or a timer. */
  get sleeping(): number {
    return this.#roster.sleeping
  }

  /**
   * Goes on with every stored service that has neither ended nor failed and whose definition is known. Where
   * `idleAfterMs` is set, those that have nothing to do are let go again at once.
   *
   * @throws what the store threw at the first checkpoint that could not be loaded, after all others went on
   */
  async resumeAll(): Promise<void> {
    const failures: unknown[] = []
    const keep = (error: unknown) => {
      // One that was removed since the list was read is no failure.
      if (!(error instanceof UnknownServiceError)) failures.push(error)
    }
    for (let after: string | undefined; ; ) {
      const page = await this.list(after === undefined ? {} : { after })
      for (const { key, service, phase } of page) {
        const known = this.#roster.definitions.has(service) && !this.#roster.has(key)
        if (known && phase !== 'done' && phase !== 'failed') await this.get(key).catch(keep)
      }
      if (this.options.idleAfterMs !== undefined) this.letGoIdle()
      after = page.at(-1)?.key
      if (after === undefined) break
    }
    if (failures.length > 0) throw failures[0]
  }

  /** Lets go from memory every service that was idle for this long, in ms. Returns how many. */
  letGoIdle(idleForMs = 0): number {
    return this.#roster.letGoIdle(idleForMs)
  }

  /**
   * Stops a service and deletes all that is stored of it.
   * @throws {SupervisorClosedError} the supervisor is closed
   */
  async remove(key: string): Promise<void> {
    if (this.#closing !== undefined) throw new SupervisorClosedError({ key })
    // One that is not known here has nobody who could write it again, and one that has failed may go as it is.
    const service = await this.get(key).catch(() => undefined)
    await service?.stop().catch(() => {})
    this.#roster.forget(key)
    await this.claim.remove(key)
  }

  /**
   * Brings every service to rest, gives the store back and releases the host.
   *
   * @param options `deadlineMs`: how long tasks may take to reach a step; each definition's by default
   * @throws {CloseFailedError} a host's cleanup or the store threw; everything was done all the same, and the error
   * has the report
   */
  close(options: { readonly deadlineMs?: number } = {}): Promise<CloseReport> {
    this.#closing ??= this.#close(options.deadlineMs)
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close().then(() => {})
  }

  #make(definition: ServiceDefinition, key: string, input: unknown, slept: boolean): Service {
    let codec = this.#codecs.get(definition)
    if (codec === undefined) {
      codec = createTreeCodec(definition)
      this.#codecs.set(definition, codec)
    }
    const { onFailed, inspect } = this.options
    const options = {
      input,
      codec,
      claim: this.claim,
      committer: this.#committer,
      incarnations: this.#incarnations,
      clock: this.#clock,
      stretch: this.#stretch,
      // Inspection events of XState's own type.
      inspect: inspect as ((event: never) => void) | undefined,
    }
    const holds = this.#hostHolds.for(definition).map(({ name, by }) => ({ name, by }))
    const { chaos = false } = this.options
    const conductor: Conductor = new Conductor(definition, key, { holds, slept, chaos }, options, {
      failed: (error) => {
        // The caller is told by what it awaits.
        if (error instanceof InvalidKeyError) return
        if (onFailed === undefined) console.error(error.message)
        else apart(() => onFailed(service, error))
      },
      warned: (warning) => this.#warn(warning),
      needed: () => void this.#roster.awaken(service),
    })
    const service: Service = new Service(conductor, this.claim)
    return service
  }

  #warn(warning: TardigradeError): void {
    const { onWarning } = this.options
    if (onWarning === undefined) console.warn(warning.message)
    else apart(() => onWarning(warning))
  }

  #scheduleSweep(): void {
    const { idleAfterMs } = this.options
    if (idleAfterMs === undefined) return
    const sweep = () => {
      this.letGoIdle(idleAfterMs)
      this.#scheduleSweep()
    }
    this.#sweep = this.#clock.setTimer(sweep, Math.max(1, idleAfterMs / 2), true)
  }

  async #close(deadlineMs: number | undefined): Promise<CloseReport> {
    this.#clock.clearTimer(this.#sweep)
    await this.#roster.close()
    const report = await restAll(this.#roster.conductors, deadlineMs)
    const failures = [...this.#cleanUpHosts()]
    await this.claim.close().catch((cause: unknown) => void failures.push({ what: 'the store', cause }))
    if (failures.length > 0) throw new CloseFailedError(report, failures)
    return report
  }
}

/**
 * Claims the store and makes a supervisor.
 * @throws {StoreLockedError} another process holds the store; and the store's other errors, as a
 * `StoreFailedError` where they are none of this library's
 * @throws {HostFailedError} a host threw when it was set up; the store was given back
 */
export async function createSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const claim = await claimStore(options.store)
  try {
    return new Supervisor({ chaos: chaosByEnvironment(), ...options }, claim)
  } catch (error) {
    // What went wrong first is what is told.
    await claim.close().catch(() => {})
    throw error
  }
}
