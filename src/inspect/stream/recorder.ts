import type { AnyActorRef, InspectionEvent } from 'xstate'
import type { Clock } from '../../ports/clock.js'
import type { Fact, Inspected, Subject } from '../../ports/inspector.js'
import { snapshotOf } from '../../xstate/internals.js'
import type { Hide } from '../redact.js'
import { Charts } from './charts.js'
import type { Happening } from './entry.js'
import { LifecycleNotes } from './lifecycle-notes.js'
import { MachineNotes } from './machine-notes.js'
import type { Note } from './notes.js'
import { RuntimeNotes } from './runtime-notes.js'
import type { ServiceState } from './state.js'
import { Track } from './track.js'

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

/**
 * Hears of services at once and notes what it hears; what was noted is written when the turn of the process is over, so that a
 * service is kept waiting for as little as can be. It keeps of each service what its last entries have told.
 */
export class Recorder {
  readonly #tracks = new Map<string, Track>()
  readonly #charts: Charts
  readonly #machine: MachineNotes
  readonly #lifecycle: LifecycleNotes
  readonly #runtime: RuntimeNotes
  #notes: Note[] = []
  /** Announced by XState before they have a snapshot. */
  #newcomers: Note[] = []
  #scheduled = false
  /** Sequence of the last entry. */
  #sequence = 0
  #begun = false

  constructor(
    private readonly sink: Sink,
    private readonly hide: Hide,
    private readonly clock: Clock,
    /** Runs what nobody else would catch. */
    private readonly safely: (run: () => void) => void,
  ) {
    this.#charts = new Charts((hash, chart) => sink.chart(hash, chart))
    const tell = (track: Track, atMs: number, happening: Happening) => this.#tell(track.key, atMs, happening)
    this.#machine = new MachineNotes(hide, this.#charts, tell)
    this.#lifecycle = new LifecycleNotes(hide, tell)
    this.#runtime = new RuntimeNotes(hide, tell, () => this.#sequence)
  }

  /** Hears of XState's events. */
  inspect(event: InspectionEvent, { key, part }: Inspected): void {
    const note: Note = { atMs: this.clock.now(), key, part, event, snapshot: undefined }
    this.#note(note)
    if (event.type === '@xstate.actor') this.#newcomers.push(note)
  }

  /** Hears of what the runtime tells. */
  observe(fact: Fact, of: Subject): void {
    this.#note({ atMs: this.clock.now(), key: of.key, part: 'runtime', fact, definition: of.definition })
  }

  /** Writes what was noted. */
  flush(): void {
    this.#meet()
    const notes = this.#notes
    this.#notes = []
    for (const note of notes) this.safely(() => this.#write(note))
    this.sink.settle()
  }

  #note(note: Note): void {
    if (this.#newcomers.length > 0) this.#meet()
    this.#notes.push(note)
    if (this.#scheduled) return
    this.#scheduled = true
    queueMicrotask(() => {
      this.#scheduled = false
      this.safely(() => this.flush())
    })
  }

  /** Looks at the newcomers that have their first snapshot by now, before anything else happens to them. */
  #meet(): void {
    this.#newcomers = this.#newcomers.filter((note) => {
      if (note.part === 'runtime') return false
      note.snapshot = snapshotOf(note.event.actorRef as AnyActorRef)
      return note.snapshot === undefined
    })
  }

  #write(note: Note): void {
    if (note.part === 'runtime' && note.fact.type === 'began') {
      this.#begin(note, note.fact)
      return
    }
    const track = this.#tracks.get(note.key)
    if (track === undefined) return
    if (note.part === 'runtime') this.#runtime.write(track, note.atMs, note.fact)
    else if (note.part === 'machine') this.#machine.write(track, note)
    else this.#lifecycle.write(track, note)
  }

  #begin(note: Extract<Note, { part: 'runtime' }>, fact: Extract<Fact, { type: 'began' }>): void {
    const { version, machine } = fact
    const service = {
      definition: note.definition,
      version,
      chart: this.#charts.hashOf(machine),
      lifecycleChart: this.#lifecycle.chart(this.#charts),
    }
    this.#tell(note.key, note.atMs, { kind: 'service', ...service })
    this.#tracks.set(note.key, new Track(note.key, service))
  }

  #tell(key: string, atMs: number, happening: Happening): void {
    if (this.sink.full || !this.#begun) this.#beginSegment()
    this.#sequence++
    this.sink.entry(JSON.stringify({ sequence: this.#sequence, atMs, key, ...happening }))
  }

  #beginSegment(): void {
    this.#begun = true
    // Who had ended before is told of no more.
    for (const [key, { ended }] of this.#tracks) if (ended) this.#tracks.delete(key)
    this.sink.segment(this.#sequence + 1, this.#states())
  }

  *#states(): Generator<readonly [string, StateOf]> {
    for (const [key, track] of this.#tracks) yield [key, (short) => track.state(this.hide, short)]
  }
}
