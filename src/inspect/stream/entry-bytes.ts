const FIRST_BYTES = 64 * 1024
const FIRST_LINES = 512
/** Characters that are encoded at once: each call costs as much as a hundred of them. */
const BATCH = 16 * 1024
const LINE_END = 10
const COMMA = 44

const encoder = new TextEncoder()

/** Entries as lines of JSON in UTF-8, in one piece of memory: texts by the hundred thousand would cost more than writing them. */
export class EntryBytes {
  #bytes: Uint8Array
  /** Where each line ends; of those that are not encoded yet, as if every character took one byte. */
  #ends = new Uint32Array(FIRST_LINES)
  #count = 0
  /** Bytes and lines that are encoded, and the text of the lines that are not. */
  #encoded = 0
  #encodedCount = 0
  #pending = ''

  /** @param bytes that it has room for at first */
  constructor(bytes = FIRST_BYTES) {
    this.#bytes = new Uint8Array(bytes)
  }

  get count(): number {
    return this.#count
  }

  /** Bytes of all lines; those of the last few are estimated, until they are read. */
  get size(): number {
    return this.#startOf(this.#count)
  }

  add(text: string): void {
    this.#pending += `${text}\n`
    if (this.#count === this.#ends.length) this.#ends = larger(this.#ends, this.#count * 2)
    this.#ends[this.#count++] = this.#encoded + this.#pending.length
    if (this.#pending.length >= BATCH) this.#encode()
  }

  /** Lets go of all entries and keeps the memory, for others: pieces of this size come and go at the collector's expense. */
  clear(): void {
    this.#count = 0
    this.#encoded = 0
    this.#encodedCount = 0
    this.#pending = ''
  }

  /** Lines from a place in bytes on, as they are: until the next `add`. */
  linesFrom(byte: number): Uint8Array {
    this.#encode()
    return this.#bytes.subarray(byte, this.#encoded)
  }

  /** How many entries from this one on have so many bytes: one at least. */
  countWithin(from: number, most: number, bytes: number): number {
    this.#encode()
    const start = this.#startOf(from)
    let to = from + 1
    while (to < this.count && to - from < most && this.#startOf(to) - start < bytes) to++
    return to - from
  }

  /** Entries joined by commas, between two texts. */
  joined(from: number, count: number, before: string, after: string): Uint8Array {
    this.#encode()
    const start = this.#startOf(from)
    const end = this.#startOf(from + count)
    const head = encoder.encode(before)
    const tail = encoder.encode(after)
    // The last line's end makes room for what comes after it.
    const bytes = new Uint8Array(head.length + end - start - 1 + tail.length)
    bytes.set(head)
    bytes.set(this.#bytes.subarray(start, end - 1), head.length)
    bytes.set(tail, bytes.length - tail.length)
    for (let at = from; at < from + count - 1; at++) {
      bytes[head.length + this.#startOf(at + 1) - start - 1] = COMMA
    }
    return bytes
  }

  #startOf(index: number): number {
    return index === 0 ? 0 : (this.#ends[index - 1] ?? 0)
  }

  #encode(): void {
    const text = this.#pending
    if (text === '') return
    const start = this.#encoded
    // No character takes more than three bytes for each of its units.
    const needed = start + text.length * 3
    if (needed > this.#bytes.length)
      this.#bytes = larger(this.#bytes, Math.max(needed, this.#bytes.length * 2))
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(start))
    this.#encoded = start + written
    if (written > text.length) this.#findEnds(start)
    this.#encodedCount = this.#count
    this.#pending = ''
  }

  /** JSON has no such character within a text. */
  #findEnds(start: number): void {
    let line = this.#encodedCount
    for (let at = start; at < this.#encoded; at++)
      if (this.#bytes[at] === LINE_END) this.#ends[line++] = at + 1
  }
}

function larger<T extends Uint8Array | Uint32Array>(list: T, length: number): T {
  // The same kind of list as it was.
  const copy = new (list.constructor as new (length: number) => T)(length)
  copy.set(list)
  return copy
}
