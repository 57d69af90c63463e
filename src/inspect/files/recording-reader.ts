import * as v from 'valibot'
import { readJson } from '../../checkpoint/json.js'
import { HIDE_NOTHING, type Hide } from '../redact.js'
import type { Entry } from '../stream/entry.js'
import type { Chapter, Journal } from '../stream/journal.js'
import type { BaseMessage } from '../stream/message.js'
import { hasEntryShape, hasStateShape } from './entry-shape.js'
import { hiddenBase, hiddenEntry } from './hidden.js'
import { commitIn, mayTellCommit, type RecordedCommit, type Since } from './recorded-commit.js'

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const incarnation = v.object({
  type: v.literal('incarnation'),
  incarnation: v.string(),
  pid: natural,
  startedAtMs: v.number(),
})
const chart = v.object({ type: v.literal('chart'), hash: v.string(), chart: v.looseObject({}) })
const base = v.object({
  type: v.literal('base'),
  sequence: natural,
  key: v.string(),
  state: v.custom(hasStateShape),
})
const entry = v.object({
  sequence: natural,
  atMs: v.number(),
  key: v.string(),
  kind: v.string(),
})

const line = v.union([incarnation, chart, base, entry])

/**
 * Reads one file of a recording, line by line, into a journal. What is no line of a recording is told as a gap: whoever reads the
 * journal is sent whole lines alone.
 */
export class RecordingReader {
  #chapter: Chapter | undefined
  #bases: string[] = []
  #damaged = false
  #begun = false

  constructor(
    private readonly journal: Journal,
    private readonly name: string,
    /** Of who looks now: whoever recorded it may have hidden less. */
    private readonly hide: Hide,
    /** Is told of each commit that came to the store, and of what that held later. */
    private readonly committed: (told: RecordedCommit | Since) => void = () => {},
  ) {}

  /** Reads whole lines. */
  read(lines: string): void {
    for (const text of lines.split('\n')) if (text !== '') this.#line(text)
  }

  /** What follows cannot be read: it is missing, as what is damaged is. */
  leaveOut(): void {
    this.#damaged = true
  }

  #line(text: string): void {
    const parsed = parse(text)
    const read = v.safeParse(line, parsed)
    if (!read.success || ('kind' in read.output && !hasEntryShape(read.output.kind, parsed))) {
      this.#damaged = true
      return
    }
    const { output } = read
    const commit = mayTellCommit(text) ? commitIn(parsed, this.#chapter?.facts.startedAtMs ?? 0) : undefined
    if (commit !== undefined) this.committed(commit)
    // Their shapes were looked at; an entry of a newer kind is none that can be hidden in.
    if (!('type' in output)) {
      const seen = this.#seen(text, () => hiddenEntry(parsed as Entry, this.hide))
      if (seen !== undefined) this.#entry(output.sequence, seen)
    } else if (output.type === 'chart') this.journal.charts.set(output.hash, text)
    else if (output.type === 'base') {
      const seen = this.#seen(text, () => hiddenBase(parsed as BaseMessage, this.hide))
      if (seen !== undefined) this.#bases.push(seen)
    }
    // A file tells of the incarnation that its name says.
    else if (this.name.startsWith(`${output.incarnation}-`)) this.#chapter = this.#chapterOf(output)
    else this.#damaged = true
  }

  /** A line as it is, or with what is hidden now. Of one with another shape nobody knows what is in it. */
  #seen(text: string, hidden: () => object): string | undefined {
    if (this.hide === HIDE_NOTHING) return text
    try {
      return JSON.stringify(hidden())
    } catch {
      this.#damaged = true
      return undefined
    }
  }

  #entry(sequence: number, text: string): void {
    const chapter = this.#chapter
    // Without its first line nobody knows whose it is; what was told already is not told again.
    if (chapter === undefined || sequence < chapter.next) {
      this.#damaged = true
      return
    }
    if (!this.#begun) {
      this.#begun = true
      this.journal.segment(chapter, sequence, this.#bases, this.#damaged ? 'damaged' : 'budget')
    } else if (sequence > chapter.next) this.journal.segment(chapter, sequence, [], 'damaged')
    this.#damaged = false
    this.journal.add(chapter, text)
  }

  #chapterOf({ type: _, ...facts }: v.InferOutput<typeof incarnation>): Chapter {
    const known = this.journal.chapterOf(facts.incarnation)
    if (known !== undefined) return known
    const chapter = this.journal.begin(facts)
    // Who reads it elsewhere knows better.
    chapter.live = false
    return chapter
  }
}

function parse(text: string): unknown {
  try {
    return readJson(text)
  } catch {
    return undefined
  }
}
