import type { Chapter, Journal, Segment } from './journal.js'
import type { Sink, StateOf } from './recorder.js'

/** Where segments are kept beside the memory: a file for each. What it cannot keep it tells somebody else; it never throws. */
export interface Lines {
  /** A segment begins: these lines make it readable by itself. */
  begin(lines: readonly string[]): void
  line(text: string): void
  /** Whole lines. They are read at once. */
  bytes(lines: Uint8Array): void
  /** What was given so far is safe from the death of the process. */
  flush(): void
}

/** Writes what a recorder tells into a journal, and into files where there are some. */
export class JournalSink implements Sink {
  readonly #chapter: Chapter
  #segment: Segment | undefined
  /** Bytes of its entries that the files have. */
  #filed = 0

  constructor(
    private readonly journal: Journal,
    facts: Chapter['facts'],
    /** Bytes of a segment's entries, unless its bases are more than that. */
    private readonly segmentSize: number,
    private readonly lines: Lines | undefined,
    /** Bytes of the chapter alone; without one it shares the journal's budget. */
    budget?: number,
  ) {
    this.#chapter = journal.begin(facts, budget)
  }

  chart(hash: string, chart: string): void {
    const text = `{"type":"chart","hash":${JSON.stringify(hash)},"chart":${chart}}`
    const { charts } = this.#chapter.budget === undefined ? this.journal : this.#chapter
    charts.set(hash, text)
    if (this.#segment === undefined) return
    this.#file()
    this.lines?.line(text)
  }

  get full(): boolean {
    const segment = this.#segment
    // So bases take no more room than entries.
    return segment !== undefined && segment.entries.size >= Math.max(this.segmentSize, segment.baseSize)
  }

  segment(first: number, states: Iterable<readonly [key: string, state: StateOf]>): void {
    this.#file()
    const base: string[] = []
    const { incarnation } = this.#chapter.facts
    let size = 0
    for (const [key, stateOf] of states) {
      const state = stateOf(size > this.segmentSize * 2)
      const text = JSON.stringify({ type: 'base', incarnation, sequence: first - 1, key, state })
      base.push(text)
      size += text.length
    }
    this.#filed = 0
    this.#segment = this.journal.segment(this.#chapter, first, base)
    this.lines?.begin([this.#chapter.message, ...this.journal.charts.values(), ...base])
  }

  entry(text: string): void {
    this.journal.add(this.#chapter, text)
  }

  settle(): void {
    this.#file()
    this.lines?.flush()
    this.journal.settle()
  }

  /** Nobody is told of it any more. */
  forget(): void {
    this.journal.forget(this.#chapter)
  }

  /** The process tells no more. */
  end(): void {
    this.#chapter.live = false
    this.settle()
  }

  #file(): void {
    const entries = this.#segment?.entries
    if (this.lines === undefined || entries === undefined || entries.size === this.#filed) return
    this.lines.bytes(entries.linesFrom(this.#filed))
    this.#filed = entries.size
  }
}
