import { SupervisorClosedError, UnknownServiceError } from '../errors/service.js'
import type { Clock } from '../ports/clock.js'
import type { StoreClaim } from '../ports/store.js'
import type { ServiceDefinition } from '../service/definition.js'
import { Alarm } from './alarm.js'
import type { Conductor } from './conductor.js'
import { Handles } from './handles.js'
import { conductorOf, type Service } from './service.js'

/** What a roster needs to bring services to life. */
export interface RosterOptions {
  readonly claim: Pick<StoreClaim, 'load'>
  readonly clock: Clock
  /** Makes a service and begins to revive it; `slept` says that it was only out of memory. */
  readonly make: (definition: ServiceDefinition, key: string, input: unknown, slept: boolean) => Service
  /** A sleeper was due and could not be woken. */
  readonly notWoken: (key: string, cause: unknown) => void
  /** Sets the holds that are in force on a service that wakes. */
  readonly applyHolds: (conductor: Conductor) => void
}

/** When a sleeping service that could not be woken is tried again. */
const WAKE_AGAIN_MS = 30_000

/** The services of one supervisor: those in memory, those that sleep, and those that somebody still holds. */
export class Roster {
  readonly definitions = new Map<string, ServiceDefinition>()
  readonly #live = new Map<string, Service>()
  readonly #starting = new Map<string, Promise<Service>>()
  readonly #handles = new Handles()
  readonly #alarm: Alarm
  #closed = false

  constructor(private readonly options: RosterOptions) {
    this.#alarm = new Alarm(options.clock, (key) => {
      // Read first: one that somebody holds would itself fail where the store cannot be read.
      const woken = options.claim.load(key).then(() => this.get(key))
      woken.catch((cause: unknown) => {
        // It was removed meanwhile, or the supervisor closed.
        if (!this.#alarm.has(key)) return
        this.#alarm.set(key, options.clock.now() + WAKE_AGAIN_MS)
        options.notWoken(key, cause)
      })
    })
  }

  get services(): readonly Service[] {
    return [...this.#live.values()]
  }

  get conductors(): readonly Conductor[] {
    return this.services.map(conductorOf)
  }

  /** How many sleep. */
  get sleeping(): number {
    return this.#alarm.size
  }

  has(key: string): boolean {
    return this.#live.has(key) || this.#alarm.has(key)
  }

  /** Starts a service or goes on with it; resolves when it is revived and durable, or failed. */
  start(definition: ServiceDefinition, key: string, input: unknown): Promise<Service> {
    if (this.#closed) return Promise.reject(new SupervisorClosedError({ service: definition.id, key }))
    const known = this.#starting.get(key) ?? this.#inReach(key)
    if (known !== undefined) return Promise.resolve(known)
    // Whoever nobody held has slept all the same.
    const slept = this.#alarm.has(key)
    this.#alarm.delete(key)
    const service = this.options.make(definition, key, input, slept)
    this.#live.set(key, service)
    const ready = conductorOf(service)
      .ready()
      .then(() => {
        this.#starting.delete(key)
        this.#forgetAtEnd(key, service)
        return service
      })
    this.#starting.set(key, ready)
    return ready
  }

  /** The service under this key, from memory or from the store. */
  async get(key: string): Promise<Service> {
    if (this.#closed) throw new SupervisorClosedError({ key })
    const known = this.#starting.get(key) ?? this.#inReach(key) ?? this.#live.get(key)
    if (known !== undefined) return known
    const stored = await this.options.claim.load(key)
    const definition = stored === undefined ? undefined : this.definitions.get(stored.service)
    if (definition === undefined) throw new UnknownServiceError({ key, service: stored?.service })
    return this.start(definition, key, undefined)
  }

  /** Brings a sleeping service back to memory; resolves when it is revived. */
  async awaken(service: Service): Promise<Service> {
    const conductor = conductorOf(service)
    this.#alarm.delete(service.key)
    this.#handles.delete(service.key)
    this.#live.set(service.key, service)
    conductor.awaken()
    // It is resuming now, so that what holds it keeps it from running at all.
    this.options.applyHolds(conductor)
    await conductor.ready()
    return service
  }

  /** Lets go of every service that was idle for this long, in ms. Returns how many. */
  letGoIdle(idleForMs: number): number {
    const now = this.options.clock.now()
    let count = 0
    for (const [key, service] of this.#live) {
      const conductor = conductorOf(service)
      const idleMs = conductor.idleForMs(now)
      if (service.getSnapshot().status !== 'active') this.#live.delete(key)
      else if (idleMs !== undefined && idleMs >= idleForMs) {
        this.#alarm.set(key, conductor.sleep())
        // Whoever holds the service still gets the same one.
        this.#handles.add(service)
        this.#live.delete(key)
        count++
      }
    }
    return count
  }

  forget(key: string): void {
    this.#live.delete(key)
    this.#alarm.delete(key)
    this.#handles.delete(key)
  }

  /** Takes no more services; resolves when those that were about to start have. */
  async close(): Promise<void> {
    this.#closed = true
    this.#alarm.stop()
    await Promise.allSettled(this.#starting.values())
  }

  /** A service at its end needs no place in memory. */
  #forgetAtEnd(key: string, service: Service): void {
    const forget = () => {
      // A stopped one stays known: asking for it must not start it again.
      if (service.getSnapshot().value !== 'done') return
      if (this.#live.get(key) === service) this.#live.delete(key)
    }
    if (service.getSnapshot().status === 'active') service.lifecycle.subscribe({ complete: forget })
    else forget()
  }

  /** One in memory that has not ended, or one that sleeps and that somebody holds. */
  #inReach(key: string): Service | Promise<Service> | undefined {
    const live = this.#live.get(key)
    if (live?.getSnapshot().status === 'active') return live
    const handle = this.#handles.get(key)
    return handle !== undefined && this.#alarm.has(key) ? this.awaken(handle) : undefined
  }
}
