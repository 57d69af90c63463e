import type { Chapter, Journal } from '../stream/journal.js'
import type { AckMessage, GapMessage } from '../stream/message.js'

/** Entries of one message, at most, and about how many bytes of them. */
const MOST_ENTRIES = 500
const MESSAGE_BYTES = 64 * 1024
/** Bytes that a client may have been sent and not acknowledged. */
const MOST_AHEAD = 4 * 1024 * 1024

interface Sent {
  readonly incarnation: string
  readonly sequence: number
  readonly size: number
}

/**
 * Sends one client the journal from where it is: what it has seen it is not sent again, what nobody has any more is told as a gap, and
 * how services stood follows each beginning and each gap.
 */
export class Sender {
  /** The sequence that each incarnation comes to next. */
  readonly #next = new Map<string, number>()
  readonly #live = new Map<string, boolean>()
  readonly #charts: Set<string>
  #unacknowledged: Sent[] = []
  #ahead = 0

  /**
   * @param send sends a text, or the bytes of one
   * @param free whether the connection takes more
   */
  constructor(
    private readonly journal: Journal,
    seen: Readonly<Record<string, number>>,
    charts: readonly string[],
    private readonly send: (text: string | Uint8Array) => void,
    private readonly free: () => boolean,
  ) {
    for (const [incarnation, sequence] of Object.entries(seen)) this.#next.set(incarnation, sequence + 1)
    this.#charts = new Set(charts)
  }

  /** The last sequence that there is of each incarnation of which the client lacks something. */
  ends(): Readonly<Record<string, number>> {
    const lacking = this.journal.chapters.filter((chapter) => this.#more(chapter))
    return Object.fromEntries(lacking.map(({ facts, next }) => [facts.incarnation, next - 1]))
  }

  /** Sends what there is, as far as the client takes it. */
  pump(): void {
    this.#sendCharts()
    for (const chapter of this.journal.chapters) {
      this.#announce(chapter)
      while (this.#more(chapter)) if (!this.#sendSome(chapter)) return
    }
  }

  /** False where that was never sent. */
  acknowledge({ incarnation, sequence }: AckMessage): boolean {
    if (sequence >= (this.#next.get(incarnation) ?? 1)) return false
    const isDone = (sent: Sent) => sent.incarnation === incarnation && sent.sequence <= sequence
    for (const sent of this.#unacknowledged) if (isDone(sent)) this.#ahead -= sent.size
    this.#unacknowledged = this.#unacknowledged.filter((sent) => !isDone(sent))
    return true
  }

  #more(chapter: Chapter): boolean {
    return this.#nextOf(chapter) < chapter.next
  }

  #nextOf({ facts }: Chapter): number {
    return this.#next.get(facts.incarnation) ?? 1
  }

  #announce(chapter: Chapter): void {
    const { incarnation } = chapter.facts
    if (this.#live.get(incarnation) === chapter.live) return
    this.#live.set(incarnation, chapter.live)
    this.send(chapter.message)
  }

  #sendCharts(): void {
    for (const [hash, text] of this.journal.allCharts()) {
      if (this.#charts.has(hash)) continue
      this.#charts.add(hash)
      this.send(text)
    }
  }

  /** Sends a message's worth; false where the client takes no more now. */
  #sendSome(chapter: Chapter): boolean {
    if (this.#ahead >= MOST_AHEAD || !this.free()) return false
    const { incarnation } = chapter.facts
    const next = this.#nextOf(chapter)
    const segment = chapter.segmentAt(next)
    if (segment === undefined || next < segment.first) {
      const to = segment === undefined ? chapter.next - 1 : segment.first - 1
      this.#gap({ incarnation, from: next, to, reason: segment?.reason ?? 'budget' })
      this.#next.set(incarnation, to + 1)
      if (segment !== undefined) for (const text of segment.base) this.send(text)
      return true
    }
    const from = next - segment.first
    const count = segment.entries.countWithin(from, MOST_ENTRIES, MESSAGE_BYTES)
    const head = `{"type":"entries","incarnation":${JSON.stringify(incarnation)},"entries":[`
    const text = segment.entries.joined(from, count, head, ']}')
    this.send(text)
    this.#next.set(incarnation, next + count)
    this.#ahead += text.length
    this.#unacknowledged.push({ incarnation, sequence: next + count - 1, size: text.length })
    return true
  }

  #gap(gap: Omit<GapMessage, 'type'>): void {
    this.send(JSON.stringify({ type: 'gap', ...gap }))
  }
}
