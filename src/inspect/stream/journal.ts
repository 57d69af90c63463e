import { EntryBytes } from './entry-bytes.js'
import type { GapMessage, IncarnationMessage } from './message.js'

/** A stretch of an incarnation's entries that can be read by itself. */
export interface Segment {
  /** Sequence of its first entry. */
  readonly first: number
  /** `base` messages as JSON: how the services stood before it. */
  readonly base: readonly string[]
  /** Characters of those. */
  readonly baseSize: number
  readonly entries: EntryBytes
  /** Why what was before it is missing, where it is. */
  readonly reason: GapMessage['reason']
}

/** One incarnation. */
export class Chapter {
  readonly segments: Segment[] = []
  /** Charts that only it names, by their hashes, as JSON: those of a guest. */
  readonly charts = new Map<string, string>()
  /** The sequence that comes next. */
  next = 1
  live: boolean

  /** @param budget bytes of its own; without one it shares the journal's */
  constructor(
    readonly facts: Omit<IncarnationMessage, 'type' | 'live'>,
    readonly budget?: number,
  ) {
    this.live = true
  }

  /** Bytes that it holds. */
  get size(): number {
    let size = 0
    for (const { baseSize, entries } of this.segments) size += baseSize + entries.size
    return size
  }

  get message(): string {
    return JSON.stringify({ type: 'incarnation', ...this.facts, live: this.live })
  }

  /** The segment in which this sequence is, or the first one after it. */
  segmentAt(sequence: number): Segment | undefined {
    return this.segments.find(({ first, entries }) => sequence < first + entries.count)
  }
}

/**
 * The history that a server sends, of this and of earlier incarnations, oldest first, as texts and within a budget: whole segments
 * make room, the oldest first; the newest stays.
 */
export class Journal {
  readonly chapters: Chapter[] = []
  /** Charts by their hashes, as JSON. */
  readonly charts = new Map<string, string>()
  readonly #listeners = new Set<() => void>()
  /** Of the segment that has made room last. */
  #spare: EntryBytes | undefined

  /**
   * @param budget bytes of all segments together
   * @param segmentSize what a segment mostly comes to
   */
  constructor(
    readonly budget: number,
    private readonly segmentSize?: number,
  ) {}

  /** Bytes that the chapters hold which share the budget. */
  get size(): number {
    let size = 0
    for (const chapter of this.chapters) if (chapter.budget === undefined) size += chapter.size
    return size
  }

  /** Charts that chapters share, and those of each. */
  *allCharts(): Generator<readonly [hash: string, text: string]> {
    yield* this.charts
    for (const { charts } of this.chapters) yield* charts
  }

  /** @param budget bytes that this chapter has for itself, so that it takes no room of others, nor they of it */
  begin(facts: Chapter['facts'], budget?: number): Chapter {
    const chapter = new Chapter(facts, budget)
    this.chapters.push(chapter)
    this.chapters.sort((a, b) => (a.facts.incarnation < b.facts.incarnation ? -1 : 1))
    return chapter
  }

  /** It is told of no more. */
  forget(chapter: Chapter): void {
    const at = this.chapters.indexOf(chapter)
    if (at !== -1) this.chapters.splice(at, 1)
  }

  chapterOf(incarnation: string): Chapter | undefined {
    return this.chapters.find(({ facts }) => facts.incarnation === incarnation)
  }

  /** The chapter's newest segment ends; the entry that comes next has this sequence. */
  segment(
    chapter: Chapter,
    first: number,
    base: readonly string[],
    reason: Segment['reason'] = 'budget',
  ): Segment {
    const baseSize = base.reduce((sum, text) => sum + text.length, 0)
    const segment = { first, base, baseSize, entries: this.#room(chapter), reason }
    chapter.segments.push(segment)
    chapter.next = first
    return segment
  }

  /** Adds an entry to the chapter's newest segment. */
  add(chapter: Chapter, text: string): void {
    const segment = chapter.segments.at(-1) ?? this.segment(chapter, chapter.next, [])
    segment.entries.add(text)
    chapter.next++
  }

  /** Makes room, and tells the listeners. To be called when what came together is added. */
  settle(): void {
    while (this.size > this.budget) if (!this.#dropOldest()) break
    for (const chapter of this.chapters) {
      const { budget = Number.POSITIVE_INFINITY, segments } = chapter
      while (segments.length > 1 && chapter.size > budget) segments.shift()
    }
    for (const listener of [...this.#listeners]) listener()
  }

  /** Hears whenever there is more. Returns what ends that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #dropOldest(): boolean {
    const sharing = this.chapters.filter(({ budget }) => budget === undefined)
    const newest = sharing.findLast(({ segments }) => segments.length > 0)?.segments.at(-1)
    for (const { segments } of sharing) {
      const [oldest] = segments
      if (oldest === undefined) continue
      if (oldest === newest) return false
      segments.shift()
      // Whoever writes has the last of its chapter.
      if (segments.length > 0) this.#spare = oldest.entries
      return true
    }
    return false
  }

  #room({ budget }: Chapter): EntryBytes {
    if (budget !== undefined) return new EntryBytes()
    const spare = this.#spare
    if (spare === undefined) return new EntryBytes(this.segmentSize)
    this.#spare = undefined
    spare.clear()
    return spare
  }
}
