/** What a disk writes whole or not at all. */
export const SECTOR = 512

/** Bytes of a log's header, and of a frame's, before its page (https://sqlite.org/fileformat2.html#the_write_ahead_log). */
export const HEADER = 32
const FRAME_HEADER = 24

type Sum = readonly [number, number]

/** A frame of a SQLite log, by its bytes. */
export interface Frame {
  readonly from: number
  readonly to: number
  /** The page that stands in it. */
  readonly page: number
  /** Whether a commit ends with it. */
  readonly isLast: boolean
}

/** A SQLite log, read as SQLite does: frame by frame, up to the first whose checksum does not fit. */
export class Log {
  /** What it holds, up to that frame. */
  readonly frames: readonly Frame[]
  readonly #length: number
  readonly #littleEndian: boolean
  readonly #view: DataView

  constructor(log: Buffer) {
    // SQLite sums what is there in words; a part of one at the end of a file is none.
    this.#view = viewOf(log, log.length)
    const size = log.length < HEADER ? 0 : this.#view.getUint32(8)
    this.#length = FRAME_HEADER + size
    this.#littleEndian = log.length >= HEADER && (this.#view.getUint32(0) & 1) === 0
    const frames: Frame[] = []
    for (let from = HEADER; size > 0 && from + this.#length <= log.length; from += this.#length) {
      if (!this.#fits(from)) break
      const [page, after] = [this.#view.getUint32(from), this.#view.getUint32(from + 4)]
      frames.push({ from, to: from + this.#length, page, isLast: after !== 0 })
    }
    this.frames = frames
  }

  /** The pages that whoever opens the database reads here. */
  get pages(): ReadonlySet<number> {
    const last = this.frames.findLastIndex((frame) => frame.isLast)
    return new Set(this.frames.slice(0, last + 1).map(({ page }) => page))
  }

  /**
   * In how many ways SQLite takes a frame for whole if of these sectors some are as here, and the others as they were before: every choice is
   * summed as SQLite sums it.
   */
  waysToFit({ from, to }: Frame, before: Buffer, sectors: readonly number[]): number {
    const old = viewOf(before, to)
    const parts = partsOf(from, to).map((part) => ({
      ...part,
      sources: sectors.includes(part.sector) ? [old, this.#view] : [this.#view],
    }))
    const head: number[] = []
    const ways = (at: number, sum: Sum): number => {
      const part = parts[at]
      if (part === undefined) return this.#agrees(head, sum) ? 1 : 0
      let fitting = 0
      for (const source of part.sources) {
        for (let place = part.from; place < part.to && place < from + FRAME_HEADER; place += 4)
          head[(place - from) / 4] = source.getUint32(place)
        fitting += ways(at + 1, this.#summed(source, sum, from, part.from, part.to))
      }
      return fitting
    }
    return ways(0, this.#sumBefore(from))
  }

  #fits(from: number): boolean {
    const head = Array.from({ length: FRAME_HEADER / 4 }, (_, at) => this.#view.getUint32(from + at * 4))
    return this.#agrees(
      head,
      this.#summed(this.#view, this.#sumBefore(from), from, from, from + this.#length),
    )
  }

  /** Of a frame's header, in words: page, size of the database, the log's two salts, and the sum. */
  #agrees([page, , salt, salts, first, second]: readonly number[], sum: Sum): boolean {
    const isOwn = salt === this.#view.getUint32(16) && salts === this.#view.getUint32(20)
    return page !== 0 && isOwn && first === sum[0] && second === sum[1]
  }

  /** What the sum of a frame goes on from: that of the one before, or of the log's header. */
  #sumBefore(from: number): Sum {
    const place = from === HEADER ? HEADER - 8 : from - this.#length + 16
    return [this.#view.getUint32(place), this.#view.getUint32(place + 4)]
  }

  /** The sum goes over the first 8 bytes of a frame's header, and over its page. */
  #summed(source: DataView, [first, second]: Sum, frame: number, from: number, to: number): Sum {
    let [a, b] = [first, second]
    for (let place = from; place < to; place += 8) {
      if (place >= frame + 8 && place < frame + FRAME_HEADER) continue
      a = (a + source.getUint32(place, this.#littleEndian) + b) >>> 0
      b = (b + source.getUint32(place + 4, this.#littleEndian) + a) >>> 0
    }
    return [a, b]
  }
}

/** The parts of what lies between two places, sector by sector. */
function partsOf(from: number, to: number) {
  const first = Math.floor(from / SECTOR)
  return Array.from({ length: Math.ceil(to / SECTOR) - first }, (_, at) => ({
    sector: first + at,
    from: Math.max(from, (first + at) * SECTOR),
    to: Math.min(to, (first + at + 1) * SECTOR),
  }))
}

/** So many bytes of it at least: zeros where it is shorter, as in a file that later sectors have made longer. */
function viewOf(bytes: Buffer, length: number): DataView {
  const copy = new Uint8Array(Math.max(bytes.length, length))
  copy.set(bytes)
  return new DataView(copy.buffer)
}
