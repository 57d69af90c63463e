import { batch, signal } from '@preact/signals'
import type { Chart } from '../../../src/inspect/chart/chart.js'
import type { Entry } from '../../../src/inspect/stream/entry.js'
import type {
  EntriesMessage,
  GapMessage,
  IncarnationMessage,
  Problem,
  RefusedGuest,
  ServerHello,
  StoredService,
} from '../../../src/inspect/stream/message.js'
import type { ServiceState } from '../../../src/inspect/stream/state.js'
import type {
  CounterexampleMessage,
  MissingMessage,
  TraceMessage,
} from '../../../src/inspect/stream/trace.js'
import { chartIn } from './charts.js'
import { counterexampleIn } from './counterexample.js'
import { Kept } from './kept.js'
import { Listing } from './listing.js'
import type { Moment } from './moments.js'
import { Removed } from './removed.js'
import { type Most, Room } from './room.js'
import { Service } from './service.js'

/** What has come over the stream. Those who look are told when `publish` is called, once a frame. */
export class Store {
  readonly services = new Map<string, Service>()
  readonly charts = new Map<string, Chart>()
  readonly incarnations = new Map<string, IncarnationMessage>()
  /** Last sequence of each incarnation. */
  readonly seen = new Map<string, number>()
  readonly hello = signal<ServerHello | undefined>(undefined)
  /** Goes up when anything has changed. */
  readonly changed = signal(0)
  /** What of the recordings cannot be read. */
  readonly unreadable = signal<readonly Problem[]>([])
  /** What is not taken: of what the server was sent, or of what would show itself here. */
  readonly refusal = signal<string | undefined>(undefined)
  /** Other applications that were not let in. */
  readonly refusedGuests = signal<readonly RefusedGuest[]>([])
  /** Of a trace that holds one. */
  readonly counterexample = signal<CounterexampleMessage | undefined>(undefined)
  /** Whether something is still to come of the recordings that the server had as this connection began. */
  readonly isComing = signal(false)
  /** The last sequence of each incarnation then, once the server has told. */
  #ends: readonly (readonly [incarnation: string, sequence: number])[] | undefined
  /** How many entries were told to be missing, also in lines that have made room since. */
  missing = 0
  /** When the newest entry or checkpoint was, in ms since 1970. */
  lastMs = 0
  readonly #dirty = new Set<Service>()
  #unpublished = false

  /** What is kept on the disk. */
  readonly kept = new Kept({
    services: this.services,
    incarnations: this.incarnations,
    isLive: (service) => this.isLive(service),
    guestOf: (service) => this.guestOf(service),
    serviceOf: (key) => this.#service(key),
    touch: (service) => this.#touch(service),
    forget: (service) => this.#forget(service),
  })
  readonly removed: Removed
  readonly list = new Listing((service) => this.kept.standingOf(service))
  readonly #room: Room

  /** `isLookedAt`: whether somebody looks at a service, or compares one with it. */
  constructor(most: Partial<Most> = {}, isLookedAt: (service: Service) => boolean = () => false) {
    this.#room = new Room(most)
    this.removed = new Removed(isLookedAt, (service) => {
      this.#room.add(-service.moments.length, -service.moments.characters)
      this.#forget(service)
    })
  }

  /** `characters`: how long its text was. */
  apply(message: TraceMessage, characters = 0): void {
    this.#unpublished = true
    switch (message.type) {
      case 'hello':
        this.hello.value = message
        this.kept.begin()
        this.#ends = undefined
        this.isComing.value = true
        this.refusal.value = undefined
        this.unreadable.value = []
        this.refusedGuests.value = []
        break
      case 'refused-guests':
        this.refusedGuests.value = message.refused
        break
      case 'ends':
        this.#ends = Object.entries(message.sequences)
        break
      case 'recordings':
        this.unreadable.value = message.problems
        break
      case 'incarnation':
        this.incarnations.set(message.incarnation, message)
        // Whether the owner of the store records says something of all.
        for (const service of this.services.values()) this.#touch(service)
        break
      case 'chart': {
        const chart = chartIn(message.chart)
        if (chart !== undefined) this.charts.set(message.hash, chart)
        break
      }
      case 'base':
        this.#saw(message.incarnation, message.sequence)
        this.#add(message.key, { ...message, type: 'base' }, characters)
        break
      case 'entries':
        this.#entries(message, characters / message.entries.length)
        break
      case 'missing':
        this.#saw(message.incarnation, message.sequence)
        this.#miss(message)
        break
      case 'gap':
        this.#gap(message)
        break
      case 'history': {
        const service = this.services.get(message.key)
        if (service === undefined) break
        service.history = message
        this.#touch(service)
        break
      }
      case 'stored':
        this.kept.hear(message)
        for (const { savedAtMs } of message.services) this.lastMs = Math.max(this.lastMs, savedAtMs)
        break
      case 'counterexample':
        this.counterexample.value = counterexampleIn(message)
        break
      case 'refused':
        this.refusal.value = message.message
        break
    }
  }

  /** All of a trace has come. */
  end(): void {
    this.#unpublished = true
    this.kept.end()
  }

  /** Tells those who look. Returns whether there is more of the list to tell, the next time. */
  publish(): boolean {
    if (!this.#unpublished) return false
    batch(() => {
      for (const service of this.#dirty) service.version.value++
      this.#dirty.clear()
      this.#unpublished = this.list.publish()
      if (this.isComing.peek())
        this.isComing.value =
          this.#ends?.some(([name, end]) => end > (this.seen.get(name) ?? 0)) ?? !this.kept.isTold.peek()
      this.changed.value++
    })
    return this.#unpublished
  }

  /** Whether some process shows itself. */
  get isAnyLive(): boolean {
    return [...this.incarnations.values()].some(({ live }) => live)
  }

  isLive({ incarnation, version }: Service): boolean {
    // A process is no signal: who shows this is to hear when it ends.
    version.value
    return incarnation !== undefined && this.incarnations.get(incarnation)?.live === true
  }

  /** The package over which an application shows it that no supervisor runs, and that is in no store; undefined of a service. */
  guestOf({ incarnation = '' }: Service): IncarnationMessage['guest'] {
    return this.incarnations.get(incarnation)?.guest
  }

  /** How a service stands that is of the same version of the same definition, and was recorded; undefined where none is. */
  likeOf({ definition, version }: StoredService): ServiceState | undefined {
    for (const { state } of this.services.values())
      if (state?.definition === definition && state.version === version) return state
    return undefined
  }

  #entries({ incarnation, entries }: EntriesMessage, characters: number): void {
    for (const entry of entries) {
      // What a reconnection brings again is known.
      if (entry.sequence <= (this.seen.get(incarnation) ?? 0)) continue
      this.#saw(incarnation, entry.sequence)
      this.lastMs = Math.max(this.lastMs, entry.atMs)
      this.#entry(incarnation, entry, characters)
    }
  }

  /** One that makes nothing of what its service was is missing; the others of its message are not. */
  #entry(incarnation: string, entry: Entry, characters: number): void {
    try {
      const service = this.#add(entry.key, { type: 'entry', incarnation, entry }, characters)
      if (entry.kind === 'commit' && entry.ok) service.committedAtMs = entry.atMs
      if (entry.kind === 'lifecycle') service.changedAtMs = entry.atMs
      if (entry.kind === 'removed') service.removedAtMs = entry.atMs
      if (entry.kind === 'armed') service.armed = { state: entry.state, atMs: entry.atMs }
    } catch {
      this.#miss({ key: entry.key, incarnation, sequence: entry.sequence, missing: 1, of: 'entry' })
    }
  }

  #miss({ key, incarnation, sequence, missing, of }: Omit<MissingMessage, 'type'>): void {
    this.missing += missing
    this.#add(key, { type: 'gap', incarnation, sequence, missing, ...(of && { of }) })
  }

  #gap({ incarnation, from, to }: GapMessage): void {
    this.#saw(incarnation, to)
    const missing = to - from + 1
    this.missing += missing
    for (const service of [...this.services.values()])
      if (service.incarnation === incarnation)
        this.#add(service.key, { type: 'gap', incarnation, sequence: to, missing })
  }

  #saw(incarnation: string, sequence: number): void {
    this.seen.set(incarnation, Math.max(sequence, this.seen.get(incarnation) ?? 0))
  }

  #service(key: string): Service {
    let service = this.services.get(key)
    if (service === undefined) {
      service = new Service(key)
      this.services.set(key, service)
    }
    return service
  }

  #add(key: string, moment: Moment, characters = 0): Service {
    const service = this.#service(key)
    service.incarnation = moment.incarnation
    service.moments.add(moment, characters)
    service.committed = service.state?.commit ?? service.committed
    this.#touch(service)
    this.removed.note(service)
    this.#room.add(1, characters)
    if (this.#room.isFull) this.#room.make([...this.services.values()], (dropped) => this.#touch(dropped))
    return service
  }

  #forget(service: Service): void {
    this.services.delete(service.key)
    this.#dirty.delete(service)
    this.list.forget(service)
  }

  #touch(service: Service): void {
    this.#dirty.add(service)
    this.list.touch(service)
  }
}
