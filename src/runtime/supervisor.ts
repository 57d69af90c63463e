import type { AnyStateMachine, InputFrom, InspectionEvent } from 'xstate'
import type { TardigradeError } from '../errors/base.js'
import { ForeignCheckpointError } from '../errors/checkpoint.js'
import { SupervisorClosedError, UnknownServiceError } from '../errors/service.js'
import type { Clock } from '../ports/clock.js'
import type { Host, HostSink } from '../ports/host.js'
import type { CheckpointSummary, Store, StoreClaim } from '../ports/store.js'
import type { ServiceDefinition } from '../service/definition.js'
import { pausesService } from '../service/interruptions.js'
import { createTreeCodec, type TreeCodec } from '../xstate/codec.js'
import { Alarm } from './alarm.js'
import { systemClock } from './clock.js'
import { Committer } from './committer.js'
import { Handles } from './handles.js'
import { Service } from './service.js'

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
  /** Hears of every service that fails. Default: the message goes to console.error. */
  readonly onFailed?: (service: Service, error: Error) => void
  /** Hears what is amiss but stops nothing. Default: the message goes to console.warn. */
  readonly onWarning?: (warning: TardigradeError) => void
  /** XState's inspection events of every service: its machine and its lifecycle. */
  readonly inspect?: (event: InspectionEvent) => void
}

/** What `close` could bring to safety. */
export interface CloseReport {
  /** Keys of the services that rest with a durable checkpoint. */
  readonly safe: readonly string[]
  /** Those that do not, and why: their last durable checkpoint is older than their state. */
  readonly unsafe: readonly { readonly key: string; readonly error: Error }[]
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
  readonly #live = new Map<string, Service>()
  readonly #starting = new Map<string, Promise<Service>>()
  readonly #handles = new Handles()
  readonly #definitions = new Map<string, ServiceDefinition>()
  readonly #codecs = new Map<ServiceDefinition, TreeCodec>()
  /** Interruptions of the hosts that are in force, with their deadlines. */
  readonly #holds = new Map<string, number | undefined>()
  readonly #alarm: Alarm
  readonly #committer: Committer
  readonly #clock: Clock
  readonly #cleanups: (() => void)[]
  #sweep: unknown
  #closing: Promise<CloseReport> | undefined

  /** @internal Use `createSupervisor`. */
  constructor(
    private readonly options: SupervisorOptions,
    private readonly claim: StoreClaim,
  ) {
    this.#clock = options.clock ?? systemClock
    this.#committer = new Committer(claim, this.#clock)
    this.#alarm = new Alarm(this.#clock, (key) => void this.get(key).catch(() => {}))
    for (const definition of options.definitions ?? []) this.#definitions.set(definition.id, definition)
    const hosts = options.host === undefined ? [] : [options.host].flat()
    this.#cleanups = hosts.map((host: Host) => host(this.#sink()))
    this.#scheduleSweep()
  }

  /**
   * Starts a service, or goes on with the one that the store holds under this key.
   *
   * Resolves when it is revived and durable. A checkpoint that cannot be used leaves it in the state
   * `failed`; nothing is started afresh.
   *
   * @param options `key`: the definition's id by default; `input`: for a first start
   * @throws {SupervisorClosedError} the supervisor is closed
   */
  async start<TMachine extends AnyStateMachine>(
    definition: ServiceDefinition<TMachine>,
    options: { readonly key?: string; readonly input?: InputFrom<TMachine> } = {},
  ): Promise<Service<TMachine>> {
    const key = options.key ?? definition.id
    // A definition of one machine is a definition of any.
    const general = definition as unknown as ServiceDefinition
    this.#definitions.set(definition.id, general)
    const service = await this.#start(general, key, options.input)
    if (service.definition.id !== definition.id) {
      throw new ForeignCheckpointError(`a running ${service.definition.id}`, definition.id, {
        service: definition.id,
        key,
      })
    }
    // It runs this very machine, as its id says.
    return service as unknown as Service<TMachine>
  }

  /**
   * The service under this key: running, or brought back from the store when its definition is known here.
   * @throws {UnknownServiceError} neither
   */
  async get(key: string): Promise<Service> {
    const known = this.#live.get(key) ?? this.#starting.get(key)
    if (known !== undefined) return known
    const handle = this.#handles.get(key)
    if (handle !== undefined && this.#alarm.has(key)) return this.#awaken(handle)
    const stored = await this.claim.load(key)
    const definition = stored === undefined ? undefined : this.#definitions.get(stored.service)
    if (definition === undefined) throw new UnknownServiceError({ key, service: stored?.service })
    return this.#start(definition, key, undefined)
  }

  /** What the store holds, page by page in the order of keys; see `StoreReader.list`. */
  list(page?: { readonly after?: string; readonly limit?: number }): Promise<readonly CheckpointSummary[]> {
    return this.claim.list(page)
  }

  /** The services in memory. */
  services(): readonly Service[] {
    return [...this.#live.values()]
  }

  /** How many services sleep: out of memory, to be woken by an event or a timer. */
  get sleeping(): number {
    return this.#alarm.size
  }

  /**
   * Goes on with every stored service that has not ended and whose definition is known. Those without a
   * timer due sleep on until they are needed, where `idleAfterMs` is set.
   */
  async resumeAll(): Promise<void> {
    for (let after: string | undefined; ; ) {
      const page = await this.list(after === undefined ? {} : { after })
      for (const { key, service, phase, wakeAtMs } of page) {
        if (phase === 'done' || phase === 'failed' || !this.#definitions.has(service)) continue
        if (this.#live.has(key) || this.#starting.has(key)) continue
        const sleeps = this.options.idleAfterMs !== undefined && phase === 'running' && wakeAtMs !== undefined
        if (sleeps) this.#alarm.set(key, wakeAtMs)
        else await this.get(key)
      }
      after = page.at(-1)?.key
      if (after === undefined) return
    }
  }

  /** Deletes a service and all that is stored of it. It must not be running. */
  async remove(key: string): Promise<void> {
    const service = this.#live.get(key)
    if (service !== undefined) await service.stop().catch(() => {})
    this.#forget(key)
    await this.claim.remove(key)
  }

  /**
   * Brings every service to rest, gives the store back and releases the host.
   *
   * @param options `deadlineMs`: how long tasks may take to reach a step; each definition's by default
   */
  close(options: { readonly deadlineMs?: number } = {}): Promise<CloseReport> {
    this.#closing ??= this.#close(options.deadlineMs)
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close().then(() => {})
  }

  #start(definition: ServiceDefinition, key: string, input: unknown): Promise<Service> {
    if (this.#closing !== undefined) {
      return Promise.reject(new SupervisorClosedError({ service: definition.id, key }))
    }
    const running = this.#live.get(key)
    if (running !== undefined && running.getSnapshot().status === 'active') return Promise.resolve(running)
    const sleeper = this.#handles.get(key)
    if (sleeper !== undefined && this.#alarm.has(key)) return this.#awaken(sleeper)
    const starting = this.#starting.get(key)
    if (starting !== undefined) return starting
    this.#alarm.delete(key)
    const service = this.#make(definition, key, input)
    this.#live.set(key, service)
    const ready = service.ready().then(() => {
      this.#starting.delete(key)
      return service
    })
    this.#starting.set(key, ready)
    return ready
  }

  #make(definition: ServiceDefinition, key: string, input: unknown): Service {
    let codec = this.#codecs.get(definition)
    if (codec === undefined) {
      codec = createTreeCodec(definition)
      this.#codecs.set(definition, codec)
    }
    const holds = [...this.#holds.keys()].filter((hold) => pausesService(hold, definition.pauseOn))
    const service = new Service(definition, key, holds, {
      input,
      codec,
      claim: this.claim,
      committer: this.#committer,
      clock: this.#clock,
      // Inspection events of XState's own type.
      inspect: this.options.inspect as ((event: never) => void) | undefined,
      listener: {
        failed: (failed, error) => this.#report(failed, error),
        warned: (warning) => (this.options.onWarning ?? ((w) => console.warn(w.message)))(warning),
        wake: (sleeper) => void this.#awaken(sleeper),
      },
    })
    this.#handles.add(service)
    return service
  }

  async #awaken(service: Service): Promise<Service> {
    this.#alarm.delete(service.key)
    this.#live.set(service.key, service)
    for (const [hold, deadlineMs] of this.#holds) {
      if (pausesService(hold, service.definition.pauseOn)) {
        service.hold(hold, deadlineMs ?? service.definition.deadlineMs)
      }
    }
    service.awaken()
    await service.ready()
    return service
  }

  #report(service: Service, error: Error): void {
    const report = this.options.onFailed ?? ((_, failure) => console.error(failure.message))
    report(service, error)
  }

  #sink(): HostSink {
    return {
      interrupt: async (interruption, { deadlineMs } = {}) => {
        this.#holds.set(interruption, deadlineMs)
        const concerned = this.services().filter(({ definition }) =>
          pausesService(interruption, definition.pauseOn),
        )
        for (const service of concerned)
          service.hold(interruption, deadlineMs ?? service.definition.deadlineMs)
        await Promise.allSettled(concerned.map((service) => service.rests()))
      },
      release: async (interruption) => {
        this.#holds.delete(interruption)
        for (const service of this.services()) service.release(interruption)
      },
      shutdown: async (options) => {
        await this.close(options)
      },
    }
  }

  #scheduleSweep(): void {
    const { idleAfterMs } = this.options
    if (idleAfterMs === undefined) return
    this.#sweep = this.#clock.setTimer(
      () => {
        this.letGoIdle(idleAfterMs)
        this.#scheduleSweep()
      },
      Math.max(1, idleAfterMs / 2),
      true,
    )
  }

  /** Lets go from memory every service that was idle for this long, in ms. Returns how many. */
  letGoIdle(idleForMs: number): number {
    const now = this.#clock.now()
    let count = 0
    for (const [key, service] of this.#live) {
      const { status } = service.getSnapshot()
      if (status !== 'active') this.#live.delete(key)
      else if (idleForMs <= 0 ? service.idleSinceMs(now + 1) > 0 : service.idleSinceMs(now) >= idleForMs) {
        this.#alarm.set(key, service.sleep())
        this.#live.delete(key)
        count++
      }
    }
    return count
  }

  #forget(key: string): void {
    this.#live.delete(key)
    this.#alarm.delete(key)
    this.#handles.delete(key)
  }

  async #close(deadlineMs: number | undefined): Promise<CloseReport> {
    this.#clock.clearTimer(this.#sweep)
    this.#alarm.stop()
    await Promise.allSettled(this.#starting.values())
    const services = this.services()
    const safe: string[] = []
    const unsafe: { key: string; error: Error }[] = []
    for (const service of services) service.hold('shutdown', deadlineMs ?? service.definition.deadlineMs)
    await Promise.all(
      services.map((service) =>
        service.rests().then(
          () => safe.push(service.key),
          (error: Error) => unsafe.push({ key: service.key, error }),
        ),
      ),
    )
    for (const cleanup of this.#cleanups) cleanup()
    await this.claim.close()
    return { safe, unsafe }
  }
}

/**
 * Claims the store and makes a supervisor.
 * @throws {StoreLockedError} another process holds the store; and the store's other errors
 */
export async function createSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  return new Supervisor(options, await options.store.claim())
}
