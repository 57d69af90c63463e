import type { Chapter, Journal, Segment } from './journal.js'
import type { Sink, StateOf } from './recorder.js'

/** Where segments are kept beside the memory: a file for each. */
export interface Lines {
  /** A segment begins: these lines make it readable by itself. */
  begin(lines: readonly string[]): void
  line(text: string): void
  /** What was given so far is safe from the death of the process. */
  flush(): void
}

/** Writes what a recorder tells into a journal, and into files where there are some. */
export class JournalSink implements Sink {
  readonly #chapter: Chapter
  #segment: Segment | undefined
  #baseSize = 0

  constructor(
    private readonly journal: Journal,
    facts: Chapter['facts'],
    /** Characters of entries of a segment, unless its bases are more than that. */
    private readonly segmentSize: number,
    private readonly lines: Lines | undefined,
  ) {
    this.#chapter = journal.begin(facts)
  }

  chart(hash: string, chart: string): void {
    const text = `{"type":"chart","hash":${JSON.stringify(hash)},"chart":${chart}}`
    this.journal.charts.set(hash, text)
    this.lines?.line(text)
  }

  get full(): boolean {
    const segment = this.#segment
    // A base is as long as what it is the base of, at most: so it costs no more than that.
    return (
      segment !== undefined && segment.size - this.#baseSize >= Math.max(this.segmentSize, this.#baseSize)
    )
  }

  segment(first: number, states: Iterable<readonly [key: string, state: StateOf]>): void {
    const base: string[] = []
    const { incarnation } = this.#chapter.facts
    let size = 0
    for (const [key, stateOf] of states) {
      const state = stateOf(size > this.segmentSize * 2)
      const text = JSON.stringify({ type: 'base', incarnation, sequence: first - 1, key, state })
      base.push(text)
      size += text.length
    }
    this.#baseSize = size
    this.#segment = this.journal.segment(this.#chapter, first, base)
    this.lines?.begin([this.#chapter.message, ...this.journal.charts.values(), ...base])
  }

  entry(text: string): void {
    this.journal.add(this.#chapter, text)
    this.lines?.line(text)
  }

  settle(): void {
    this.lines?.flush()
    this.journal.settle()
  }

  /** The process tells no more. */
  end(): void {
    this.#chapter.live = false
    this.settle()
  }
}
