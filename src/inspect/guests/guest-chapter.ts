import type { Clock } from '../../ports/clock.js'
import type { Entry, Happening } from '../stream/entry.js'
import { folded } from '../stream/fold.js'
import type { Chapter, Journal } from '../stream/journal.js'
import { JournalSink } from '../stream/journal-sink.js'
import type { ServiceState } from '../stream/state.js'

/** Bytes of the past that are kept of one guest, and of one segment of it. */
const BUDGET_BYTES = 2 * 1024 * 1024
const SEGMENT_BYTES = 256 * 1024
/** How far a guest's clock may be from ours until ours is taken. */
const FAR_MS = 24 * 60 * 60 * 1000

/** Writes what a guest tells into a chapter of its own, so that it takes nobody else's room. */
export class GuestChapter {
  readonly #sink: JournalSink
  readonly #states = new Map<string, ServiceState>()
  #sequence = 0

  constructor(
    journal: Journal,
    facts: Chapter['facts'],
    private readonly clock: Clock,
  ) {
    this.#sink = new JournalSink(journal, facts, SEGMENT_BYTES, undefined, BUDGET_BYTES)
  }

  chart(hash: string, chart: string): void {
    this.#sink.chart(hash, chart)
  }

  tell(key: string, happening: Happening, atMs: number | undefined): void {
    if (this.#sequence === 0 || this.#sink.full) this.#beginSegment()
    this.#sequence++
    const entry: Entry = { sequence: this.#sequence, atMs: this.#time(atMs), key, ...happening }
    this.#sink.entry(JSON.stringify(entry))
    const state = folded(this.#states.get(key), entry)
    if (state !== undefined) this.#states.set(key, state)
  }

  settle(): void {
    this.#sink.settle()
  }

  end(): void {
    this.#sink.end()
  }

  forget(): void {
    this.#sink.forget()
  }

  #beginSegment(): void {
    // Who had ended before is told of no more.
    for (const [key, { lifecycle }] of this.#states) if (lifecycle !== 'running') this.#states.delete(key)
    const states = [...this.#states].map(([key, state]) => [key, () => state] as const)
    this.#sink.segment(this.#sequence + 1, states)
  }

  #time(atMs: number | undefined): number {
    const now = this.clock.now()
    return atMs === undefined || Math.abs(now - atMs) > FAR_MS ? now : atMs
  }
}
