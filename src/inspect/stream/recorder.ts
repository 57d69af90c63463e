import type { AnyActorRef, InspectionEvent } from 'xstate'
import type { Clock } from '../../ports/clock.js'
import type { Fact, Inspected, Subject } from '../../ports/inspector.js'
import { snapshotOf } from '../../xstate/internals.js'
import type { Hide } from '../redact.js'
import { Charts } from './charts.js'
import type { Happening } from './entry.js'
import { LifecycleNotes } from './lifecycle-notes.js'
import { MachineNotes } from './machine-notes.js'
import { RuntimeNotes } from './runtime-notes.js'
import type { ServiceState } from './state.js'
import { Track } from './track.js'

const AT = '@'.charCodeAt(0)

/** Makes a service's state as it is now; `short` leaves out most of what its snapshots hold. */
export type StateOf = (short: boolean) => ServiceState

/** Where a recorder writes: texts of JSON, each in its place before the entries that need it. */
export interface Sink {
  chart(hash: string, chart: string): void
  /** Whether the segment is full, so that another should begin before the next entry. */
  readonly full: boolean
  /** A segment begins, with how every service stands. */
  segment(first: number, states: Iterable<readonly [key: string, state: StateOf]>): void
  entry(text: string): void
  /** What came together is written. */
  settle(): void
}

/** Tells an entry of a service: what happened, as data or as the JSON of its fields. */
export type Tell = (track: Track, happening: Happening | string) => void

/** An actor that XState has announced, before it has a snapshot. */
interface Newcomer {
  readonly key: string
  readonly part: Inspected['part']
  readonly actor: AnyActorRef
}

/**
 * Hears of services and writes at once what it hears, as text: nothing that it is given is kept but the last snapshot of each
 * actor, which the next one is compared with. What came in one turn of the process is settled together.
 */
export class Recorder {
  readonly #tracks = new Map<string, Track>()
  readonly #charts: Charts
  readonly #machine: MachineNotes
  readonly #lifecycle: LifecycleNotes
  readonly #runtime: RuntimeNotes
  #newcomers: Newcomer[] = []
  #scheduled = false
  /** When it heard something last, also as text. Not asked again for what an event leads to at once: a clock costs as much as an entry. */
  #nowMs = 0
  #now = '0'
  /** Sequence of the last entry. */
  #sequence = 0

  constructor(
    private readonly sink: Sink,
    private readonly hide: Hide,
    private readonly clock: Clock,
    /** Is told what could not be shown, such as a value that throws when it is read. */
    private readonly failed: (cause: unknown) => void,
  ) {
    this.#charts = new Charts((hash, chart) => sink.chart(hash, chart))
    const tell: Tell = (track, happening) => this.#tell(track, happening)
    this.#machine = new MachineNotes(hide, this.#charts, tell)
    this.#lifecycle = new LifecycleNotes(hide, tell)
    this.#runtime = new RuntimeNotes(hide, tell, () => ({ atMs: this.#nowMs, sequence: this.#sequence }))
  }

  /** Hears of XState's events of a lifecycle. */
  inspect(event: InspectionEvent, { key, part }: Inspected): void {
    try {
      this.#hear(event, key, part)
    } catch (cause) {
      this.failed(cause)
    }
  }

  /** Hears of XState's events of a machine, and of what the runtime tells. */
  observe(fact: Fact | InspectionEvent, of: Subject): void {
    try {
      if (isInspectionEvent(fact)) this.#hear(fact, of.key, 'machine')
      else this.#observe(fact, of)
    } catch (cause) {
      this.failed(cause)
    }
  }

  /** Settles what was written. */
  flush(): void {
    try {
      this.#meet()
      this.sink.settle()
    } catch (cause) {
      this.failed(cause)
    }
  }

  #hear(event: InspectionEvent, key: string, part: Inspected['part']): void {
    if (isBeginning(event)) this.#look()
    if (this.#newcomers.length > 0) this.#meet()
    if (event.type === '@xstate.actor') {
      // XState types the actor by a machine that is not known here.
      this.#newcomers.push({ key, part, actor: event.actorRef as AnyActorRef })
      this.#settleSoon()
      return
    }
    const track = this.#tracks.get(key)
    if (track === undefined) return
    const notes = part === 'machine' ? this.#machine : this.#lifecycle
    notes.write(track, event)
  }

  #observe(fact: Fact, of: Subject): void {
    this.#look()
    if (this.#newcomers.length > 0) this.#meet()
    // Whoever was not whole then never will be.
    if (fact.type === 'revived') this.#newcomers = this.#newcomers.filter(({ key }) => key !== of.key)
    if (fact.type === 'began') {
      this.#begin(fact, of)
      return
    }
    const track = this.#tracks.get(of.key)
    if (track === undefined) {
      // It may have been in the store alone.
      if (fact.type === 'removed') this.#tell({ keyText: JSON.stringify(of.key) }, { kind: 'removed' })
      return
    }
    this.#runtime.write(track, fact)
    if (fact.type === 'whole') this.#meet()
  }

  /** Introduces the newcomers that have their first snapshot by now, before anything else happens to them. */
  #meet(): void {
    const newcomers = this.#newcomers
    this.#newcomers = []
    for (const newcomer of newcomers) {
      const { key, part, actor } = newcomer
      const snapshot = snapshotOf(actor)
      const track = this.#tracks.get(key)
      if (snapshot === undefined || track?.reviving === true) this.#newcomers.push(newcomer)
      else if (track !== undefined) {
        const notes = part === 'machine' ? this.#machine : this.#lifecycle
        notes.introduce(track, actor, snapshot)
      }
    }
  }

  #begin({ version, machine }: Extract<Fact, { type: 'began' }>, { definition, key }: Subject): void {
    const chart = this.#charts.hashOf(machine)
    const service = { definition, version, chart, lifecycleChart: this.#lifecycle.chart(this.#charts) }
    const track = new Track(key, service)
    this.#tell(track, { kind: 'service', ...service })
    this.#tracks.set(key, track)
  }

  #look(): void {
    const nowMs = this.clock.now()
    if (nowMs === this.#nowMs) return
    this.#nowMs = nowMs
    this.#now = `${nowMs}`
  }

  #tell({ keyText }: Pick<Track, 'keyText'>, happening: Happening | string): void {
    if (this.#sequence === 0 || this.sink.full) this.#beginSegment()
    this.#sequence++
    const fields = typeof happening === 'string' ? happening : JSON.stringify(happening).slice(1, -1)
    this.sink.entry(`{"sequence":${this.#sequence},"atMs":${this.#now},"key":${keyText},${fields}}`)
    this.#settleSoon()
  }

  #settleSoon(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.flush()
    })
  }

  #beginSegment(): void {
    // Who had ended before is told of no more.
    for (const [key, { ended }] of this.#tracks) if (ended) this.#tracks.delete(key)
    this.sink.segment(this.#sequence + 1, this.#states())
  }

  *#states(): Generator<readonly [string, StateOf]> {
    for (const [key, track] of this.#tracks) yield [key, (short) => track.state(this.hide, short)]
  }
}

/** The others follow at once from one of these. */
function isBeginning({ type }: InspectionEvent): boolean {
  return type === '@xstate.event' || type === '@xstate.actor'
}

function isInspectionEvent(fact: Fact | InspectionEvent): fact is InspectionEvent {
  // All of XState's begin with it, and none of ours.
  return fact.type.charCodeAt(0) === AT
}
