import { SupervisorClosedError, UnknownServiceError } from '../errors/service.js'
import type { StoredCheckpoint } from '../ports/store.js'
import type { ServiceDefinition } from '../service/definition.js'
import { Alarm } from './alarm.js'
import type { Conductor } from './conductor.js'
import { atEnd, failedAtBeginning, isStopping, stop } from './endings.js'
import { Handles } from './handles.js'
import { Removals } from './removals.js'
import type { RosterOptions } from './roster-options.js'
import { conductorOf, type Service } from './service.js'

/** When a sleeping service that could not be woken is tried again. */
const WAKE_AGAIN_MS = 30_000

/** The services of one supervisor: those in memory, those that sleep, and those that somebody still holds. */
export class Roster {
  readonly definitions = new Map<string, ServiceDefinition>()
  readonly #live = new Map<string, Service>()
  readonly #starting = new Map<string, Promise<Service>>()
  /** Of those that start, the ones that are revived to be seen alone, and stopped for that. */
  readonly #shown = new Set<string>()
  readonly #removals = new Removals()
  /** Stopped in this process, and out of memory. */
  readonly #stopped = new Set<string>()
  readonly #handles = new Handles()
  readonly #alarm: Alarm
  #closed = false

  constructor(private readonly options: RosterOptions) {
    this.#alarm = new Alarm(options.clock, (key) => {
      // Read first: one that somebody holds would itself fail where the store cannot be read.
      const woken = options.claim.load(key).then(() => this.get(key))
      woken.catch((cause: unknown) => {
        // It was removed meanwhile, or the supervisor closed.
        if (this.#closed || !this.#alarm.has(key)) return
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

  /** How many sleep, and can be woken. */
  get sleeping(): number {
    return this.#closed ? 0 : this.#alarm.size
  }

  /** Keys of those that rest out of memory: they sleep, or were stopped. */
  get resting(): readonly string[] {
    return [...this.#alarm.keys(), ...this.#stopped]
  }

  has(key: string): boolean {
    return this.#live.has(key) || this.#alarm.has(key) || this.#stopped.has(key)
  }

  /** Starts a service or goes on with it; resolves when it is revived and durable, or failed. */
  async start(definition: ServiceDefinition, key: string, input: unknown): Promise<Service> {
    for (;;) {
      if (this.#closed) throw new SupervisorClosedError({ service: definition.id, key })
      const leaving = this.#leaving(key)
      if (leaving === undefined) break
      await leaving
    }
    return this.#starting.get(key) ?? this.#inReach(key) ?? this.#begin(definition, key, input)
  }

  /** The service under this key, from memory or from the store. */
  async get(key: string): Promise<Service> {
    for (;;) {
      await this.#removals.over(key)
      if (this.#closed) throw new SupervisorClosedError({ key })
      const known = this.#starting.get(key) ?? this.#inReach(key) ?? this.#live.get(key)
      if (known !== undefined) return known
      const stopped = this.#stopped.has(key) ? this.#handles.get(key) : undefined
      if (stopped !== undefined) return stopped
      const { begun } = this.#removals
      const stored = await this.#load(key)
      // What was read may be gone; and who only asks must begin no first life.
      if (this.#removals.begun !== begun) continue
      // Another who asked may have begun while this one read.
      const begunMeanwhile = this.#starting.get(key)
      if (begunMeanwhile !== undefined) return begunMeanwhile
      const definition = stored === undefined ? undefined : this.definitions.get(stored.service)
      if (definition === undefined) throw new UnknownServiceError({ key, service: stored?.service })
      if (!this.#stopped.has(key)) return this.start(definition, key, undefined)
      // It must not run again for that: it is revived to be stopped, so that its state can be seen.
      this.#shown.add(key)
      return this.#begin(definition, key, undefined, stop).finally(() => this.#shown.delete(key))
    }
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
    return this.#revived(service)
  }

  /** Has a sleeping service stay in memory while it is watched, so that it is the same one that wakes. */
  keep(service: Service, isWatched: boolean): void {
    this.#handles.keep(service, isWatched)
  }

  /** Lets go of every service that was idle for this long, in ms. Returns how many. */
  letGoIdle(idleForMs: number): number {
    const now = this.options.clock.now()
    let count = 0
    for (const [key, service] of this.#live) {
      const conductor = conductorOf(service)
      const idleMs = conductor.sleep.idleForMs(now)
      if (idleMs !== undefined && idleMs >= idleForMs) {
        this.#alarm.set(key, conductor.sleep.begin())
        // Whoever holds the service still gets the same one.
        this.#handles.add(service)
        this.#live.delete(key)
        count++
      }
    }
    return count
  }

  /** Stops the service under this key, and deletes all that is stored of it. Several at once are one. */
  remove(key: string): Promise<void> {
    return this.#removals.run(key, async () => {
      // One that is only stored has nobody who could write it again.
      const service = this.#live.get(key) ?? this.#handles.get(key)
      if (service !== undefined) {
        await stop(service)
        await conductorOf(service).engine.writing
      }
      await this.options.claim.remove(key)
      this.forget(key)
    })
  }

  /** Whether a removal of this key is under way. */
  isLeaving(key: string): boolean {
    return this.#removals.over(key) !== undefined
  }

  forget(key: string): void {
    this.#live.delete(key)
    this.#alarm.delete(key)
    this.#stopped.delete(key)
    this.#handles.delete(key)
  }

  /** Takes no more services, and wakes none by itself; resolves when those that were about to start or to go have. */
  async close(): Promise<void> {
    this.#closed = true
    this.#alarm.stop()
    await Promise.allSettled(this.#starting.values())
    await this.#removals.allOver()
    this.#handles.clear()
  }

  #begin(
    definition: ServiceDefinition,
    key: string,
    input: unknown,
    until: (service: Service) => Promise<unknown> = (service) => conductorOf(service).ready(),
  ): Promise<Service> {
    // Whoever nobody held has slept all the same.
    const slept = this.#alarm.has(key)
    this.forget(key)
    const service = this.options.make(definition, key, input, slept)
    this.#live.set(key, service)
    const ready = until(service).then(() => {
      this.#starting.delete(key)
      this.#forgetAtEnd(key, service)
      return service
    })
    this.#starting.set(key, ready)
    return ready
  }

  /** A service at its end needs no place in memory. */
  #forgetAtEnd(key: string, service: Service): void {
    const forget = () => {
      /* v8 ignore if -- whoever begins another waits for `writing` too, and asked later: this keeps that one, should it change @preserve */
      if (this.#live.get(key) !== service) return
      this.#live.delete(key)
      if (service.getSnapshot().value !== 'stopped') return
      // Asking for a stopped one must not start it again, and gives whoever holds it the same one.
      this.#stopped.add(key)
      this.#handles.add(service)
    }
    atEnd(service, forget)
  }

  /** What a start under this key must wait for: a removal, or a stop. */
  #leaving(key: string): Promise<void> | undefined {
    const removal = this.#removals.over(key)
    if (removal !== undefined) return removal
    const shown = this.#shown.has(key) ? this.#starting.get(key) : undefined
    if (shown !== undefined) return shown.then(() => {})
    const live = this.#live.get(key)
    if (live === undefined) return undefined
    if (live.getSnapshot().value === 'stopped') return conductorOf(live).engine.writing
    // Another start may come with the input that it lacked; the handle of this one must not bring it back beside that.
    if (failedAtBeginning(live)) return stop(live)
    if (!isStopping(live)) return undefined
    return conductorOf(live)
      .reaches('stopped', 'done')
      .catch(() => {})
  }

  /** One in memory that has not ended, or one that sleeps and that somebody holds. */
  #inReach(key: string): Service | Promise<Service> | undefined {
    const live = this.#live.get(key)
    if (live?.getSnapshot().status === 'active') {
      return conductorOf(live).state === 'resuming' ? this.#revived(live) : live
    }
    const handle = this.#handles.get(key)
    return handle !== undefined && this.#alarm.has(key) ? this.awaken(handle) : undefined
  }

  async #load(key: string): Promise<StoredCheckpoint | undefined> {
    const stored = await this.options.claim.load(key).catch((cause: unknown) => {
      // A closed store is not what whoever asked has to know.
      throw this.#closed ? new SupervisorClosedError({ key, cause }) : cause
    })
    if (this.#closed) throw new SupervisorClosedError({ key })
    return stored
  }

  async #revived(service: Service): Promise<Service> {
    await conductorOf(service).ready()
    return service
  }
}
