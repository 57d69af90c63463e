import type { UnreadLog } from '../errors/store-doubt.js'

const HEADER = 32
const FRAME_HEADER = 24
const MAGIC = 0x377f0682
/** Of a header that was overwritten: the size that a store has, and the one that SQLite gives a new database. */
const USUAL_PAGES = [8192, 4096]

type Sum = readonly [number, number]

/**
 * Whether commits lie in a SQLite log that SQLite does not see: it reads up to the first frame whose checksum is wrong
 * (https://sqlite.org/fileformat2.html#the_write_ahead_log), silently. Frames of earlier rounds of the log, which have other salts, zeros, and
 * what a transaction has left that never was committed are no loss. Undefined where nothing is behind that place.
 */
export function unreadFramesIn(log: Uint8Array): UnreadLog | undefined {
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength)
  if (view.byteLength < HEADER) return undefined
  for (const pageSize of pageSizesIn(view)) {
    const found = unreadPagesIn(view, pageSize)
    if (found !== undefined) return found
  }
  return undefined
}

function unreadPagesIn(view: DataView, pageSize: number): UnreadLog | undefined {
  const size = FRAME_HEADER + pageSize
  const count = Math.floor((view.byteLength - HEADER) / size)
  if (count < 1) return undefined
  const isMagic = (view.getUint32(0) & ~1) === MAGIC
  // Most machines write it so.
  const littleEndian = !isMagic || (view.getUint32(0) & 1) === 0
  const sumOf = (start: Sum, from: number, length: number) => sum(view, start, from, length, littleEndian)
  const at = (frame: number) => HEADER + frame * size
  const storedSum = (place: number): Sum => [view.getUint32(place), view.getUint32(place + 4)]
  const salts = (place: number) => `${view.getUint32(place)} ${view.getUint32(place + 4)}`
  const isHeaderWhole = isMagic && isSame(sumOf([0, 0], 0, HEADER - 8), storedSum(HEADER - 8))
  // Of a header that is damaged the salts may be as well: each frame has them once more.
  const own = salts(isHeaderWhole ? 16 : at(0) + 8)
  if (own === '0 0') return undefined
  const isOwn = (frame: number) => salts(at(frame) + 8) === own
  /** Whether its checksum fits, given what stands in the one before. */
  const isWhole = (frame: number) => {
    const before = storedSum(frame === 0 ? HEADER - 8 : at(frame - 1) + 16)
    const whole = sumOf(sumOf(before, at(frame), 8), at(frame) + FRAME_HEADER, pageSize)
    return isOwn(frame) && view.getUint32(at(frame)) !== 0 && isSame(whole, storedSum(at(frame) + 16))
  }
  let read = 0
  if (isHeaderWhole) while (read < count && isWhole(read)) read++
  let unread = 0
  let commits = 0
  for (let frame = read; frame < count; frame++) {
    if (!isOwn(frame)) continue
    unread++
    // The last frame of a commit tells how large the database is after it.
    const isLast = view.getUint32(at(frame) + 4) !== 0
    if (isLast && isWhole(frame)) commits++
  }
  return commits === 0 ? undefined : { read, unread, commits }
}

function pageSizesIn(view: DataView): readonly number[] {
  const size = view.getUint32(8)
  const isOne = size >= 512 && size <= 65_536 && (size & (size - 1)) === 0
  return isOne ? [size] : USUAL_PAGES
}

function sum(view: DataView, [first, second]: Sum, from: number, length: number, littleEndian: boolean): Sum {
  let [a, b] = [first, second]
  for (let place = from; place < from + length; place += 8) {
    a = (a + view.getUint32(place, littleEndian) + b) >>> 0
    b = (b + view.getUint32(place + 4, littleEndian) + a) >>> 0
  }
  return [a, b]
}

function isSame(one: Sum, other: Sum): boolean {
  return one[0] === other[0] && one[1] === other[1]
}
