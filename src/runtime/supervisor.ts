/// <reference lib="esnext.disposable" preserve="true" />
import type { AnyStateMachine, InputFrom } from 'xstate'
import { ForeignCheckpointError } from '../errors/checkpoint.js'
import { CloseFailedError } from '../errors/host.js'
import { NotWokenError, SupervisorClosedError } from '../errors/service.js'
import { InvalidKeyError } from '../errors/store.js'
import type { Clock } from '../ports/clock.js'
import type { CheckpointSummary } from '../ports/store.js'
import type { ServiceDefinition } from '../service/definition.js'
import { checkMethod, checkStart } from './argument-checks.js'
import { systemClock } from './clock.js'
import { type CloseReport, Closing, hasten, holdForClosing } from './closing.js'
import { giveBack } from './give-back.js'
import type { Hosts } from './hosts.js'
import type { Inspection } from './inspection.js'
import { Maker } from './maker.js'
import { observedRemovals } from './observer-of.js'
import { Patience } from './patience.js'
import { resumeAll } from './resume-all.js'
import { Roster } from './roster.js'
import type { Service } from './service.js'
import type { StartArguments } from './start-options.js'
import type { SupervisorOptions } from './supervisor-options.js'
import { type Sweep, sweeping } from './sweep.js'
import type { TypedClaim } from './typed-claim.js'
import { warnOfDefinition } from './warn-of-definition.js'

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
  readonly #maker: Maker
  readonly #clock: Clock
  readonly #sweep: Sweep | undefined
  readonly #patience: Patience
  /** @internal It is being closed, or was. */
  closing: Promise<CloseReport> | undefined

  /** @internal Use `createSupervisor`. */
  constructor(
    private readonly options: SupervisorOptions,
    private readonly claim: TypedClaim,
    private readonly hosts: Hosts,
    /** Who looks on; undefined where nobody does. */
    private readonly inspection: Inspection | undefined,
  ) {
    this.#clock = options.clock ?? systemClock
    this.#patience = new Patience(this.#clock)
    this.#maker = new Maker({
      supervisor: options,
      claim,
      clock: this.#clock,
      hosts,
      inspection,
      needed: (service) => void this.#roster.awaken(service),
      watched: (service, isWatched) => this.#roster.keep(service, isWatched),
    })
    if (claim.warning) this.#maker.warn(claim.warning)
    this.#roster = new Roster({
      claim: observedRemovals(claim, inspection),
      clock: this.#clock,
      make: (definition, key, input, slept) => this.#maker.make(definition, key, input, slept),
      notWoken: (key, cause) => this.#maker.warn(new NotWokenError({ key, cause })),
      applyHolds: (conductor) => {
        for (const { name, deadlineMs, by } of hosts.holds.for(conductor.definition))
          conductor.hold(name, deadlineMs, by)
        if (this.closing !== undefined) holdForClosing(conductor)
      },
    })
    for (const definition of options.definitions ?? []) this.#register(definition)
    // Assigned by its name: see `installGate`.
    const conductors = () => this.#roster.conductors
    hosts.holds.conductors = conductors
    this.#sweep = sweeping(this.#clock, options.idleAfterMs, (idleForMs) => this.letGoIdle(idleForMs))
  }

  /**
   * Starts a service, or goes on with the one that the store holds under this key.
   *
   * Resolves when it is revived and durable. A checkpoint that cannot be used leaves it in the state
   * `failed`; nothing is started afresh. One whose machine failed before anything of it was stored is stopped, and another
   * begins in its place, with this input.
   *
   * @param options `key`: the definition's id by default; `input`: for a first start, and required where the
   * machine's input type is, since nobody knows beforehand whether the store holds the service; `get` takes none
   * @throws {SupervisorClosedError} the supervisor is closed
   * @throws {ForeignCheckpointError} a service of another definition runs under this key
   * @throws {InvalidKeyError} the key is none that a store can keep
   * @throws {InvalidOptionError} the definition is none, or an option is unknown
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
    checkStart(definition, options)
    const { key = definition.id } = options
    // A definition of one machine is a definition of any.
    const general = definition as unknown as ServiceDefinition
    this.#register(general)
    const service = await this.#roster.start(general, key, options.input)
    if (service.definition.id !== definition.id) {
      const { id } = definition
      throw new ForeignCheckpointError(`a running ${service.definition.id}`, id, { service: id, key })
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

  /**
   * What the store holds, page by page in the order of keys; see `StoreReader.list`.
   * @throws {SupervisorClosedError} the supervisor is closed
   * @throws {InvalidOptionError} it is asked for something else than `after` a text and a `limit`, a number, 0 or more
   */
  async list(page?: Parameters<TypedClaim['list']>[0]): Promise<readonly CheckpointSummary[]> {
    this.#checkOpen()
    return this.claim.list(page)
  }

  /** What the store holds of a service, which is not started for that; undefined where it holds nothing. Throws as `list`. */
  async stored(key: string): Promise<CheckpointSummary | undefined> {
    this.#checkOpen(key)
    const stored = await this.claim.load(key)
    if (stored === undefined) return undefined
    const { text, ...summary } = stored
    return { ...summary, size: text.length }
  }

  /** The services in memory. */
  services(): readonly Service[] {
    return this.#roster.services
  }

  /** @internal Whether this service is begun here: it is in memory, or sleeps. */
  hasBegun(key: string): boolean {
    return this.#roster.has(key)
  }

  /** Whether the store is this supervisor's, for probes: no, where another one has come since, it was closed, or it cannot be asked. */
  ownsStore(): Promise<boolean> {
    return this.claim.isCurrent()
  }

  /** How many services sleep: out of memory, to be woken by an event or a timer. */
  get sleeping(): number {
    return this.#roster.sleeping
  }

  /**
   * Goes on with every stored service that has neither ended nor failed and whose definition is known; `onWarning`
   * hears of each definition that is not. With `idleAfterMs`, those that have nothing to do are let go again at once.
   *
   * @throws {SupervisorClosedError} the supervisor is closed
   * @throws what the store threw at the first checkpoint that could not be loaded, after all others went on
   */
  async resumeAll(): Promise<void> {
    const { idleAfterMs } = this.options
    const pageDone = () => (idleAfterMs === undefined ? 0 : this.letGoIdle())
    await resumeAll(this.#roster, (page) => this.list(page), pageDone, this.#maker)
  }

  /** Lets go from memory every service that was idle for this long, in ms. Returns how many. */
  letGoIdle(idleForMs = 0): number {
    return this.#roster.letGoIdle(idleForMs)
  }

  /**
   * Stops a service and deletes all that is stored of it. What is started under its key meanwhile begins anew after that.
   * @throws {SupervisorClosedError} the supervisor is closed
   */
  async remove(key: string): Promise<void> {
    this.#checkOpen(key)
    await this.#roster.remove(key)
  }

  /**
   * Brings every service to rest, gives the store back and releases the host.
   *
   * @param options `deadlineMs`: how long tasks may take to reach a step; each definition's by default. Where it is
   * given, a store or a host that hangs is given up soon after it, about a second; what was not safe by then is in the
   * report, and ended: whoever waits is told `NotSafeInTimeError`. Without it they are waited for. Asked again, the earliest counts.
   * @throws {InvalidOptionError} the deadline is no time; nothing was closed
   * @throws {CloseFailedError} a host's cleanup or the store threw or hung; all else was done, and the error has the report
   */
  close(options: { readonly deadlineMs?: number } = {}): Promise<CloseReport> {
    try {
      checkMethod('close', options)
      if (this.closing) hasten(this.#roster.conductors, options.deadlineMs)
      this.#patience.within(options.deadlineMs)
      this.closing ??= this.#close(options.deadlineMs).finally(() => this.#patience.end())
      return this.closing
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Where a person sees the services, with the token that lets them; undefined unless `inspect` has a server. */
  get inspectAddress(): string | undefined {
    return this.inspection?.address
  }

  #checkOpen(key?: string): void {
    if (this.closing !== undefined) throw new SupervisorClosedError({ key })
  }

  #register(definition: ServiceDefinition): void {
    this.#roster.definitions.set(definition.id, definition)
    warnOfDefinition(definition, (warning) => this.#maker.warn(warning))
  }

  async #close(deadlineMs: number | undefined): Promise<CloseReport> {
    this.#sweep?.stop()
    const closing = new Closing(this.#roster, deadlineMs)
    // Who is there is told at once: a slow start or removal of another has the same deadline.
    const rest = Promise.all([this.#roster.close(), closing.restAll()]).then(() => closing.restAll())
    const patiently = (work: Promise<unknown>, progress?: () => number) =>
      this.#patience.awaits(work, progress)
    const inTime = await patiently(rest, () => closing.settled)
    const report = closing.report(this.#roster.resting, inTime)
    // Who still sends is told so; what was taken until now is written, unless what hangs was given up already.
    const written = this.#maker.close()
    if (inTime) await patiently(written)
    const failures = await giveBack(this.inspection, this.hosts, this.claim, patiently, this.closing)
    if (failures.length > 0) throw new CloseFailedError(report, failures)
    return report
  }
}
