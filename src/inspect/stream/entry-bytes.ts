const FIRST_BYTES = 64 * 1024
const LINE_END = 10
const COMMA = 44

const encoder = new TextEncoder()

/** Entries as lines of JSON in UTF-8, in one piece of memory: texts by the hundred thousand would cost more than writing them. */
export class EntryBytes {
  #bytes = new Uint8Array(FIRST_BYTES)
  /** Where each line ends. */
  readonly #ends: number[] = []

  get count(): number {
    return this.#ends.length
  }

  /** Bytes of all lines. */
  get size(): number {
    return this.#ends.at(-1) ?? 0
  }

  add(text: string): void {
    const start = this.size
    // No character takes more than three bytes for each of its units.
    if (start + text.length * 3 + 1 > this.#bytes.length) this.#grow(start + text.length * 3 + 1)
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(start))
    this.#bytes[start + written] = LINE_END
    this.#ends.push(start + written + 1)
  }

  /** Lines from a place in bytes on, as they are: until the next `add`. */
  linesFrom(byte: number): Uint8Array {
    return this.#bytes.subarray(byte, this.size)
  }

  /** How many entries from this one on have so many bytes: one at least. */
  countWithin(from: number, most: number, bytes: number): number {
    const start = this.#startOf(from)
    let to = from + 1
    while (to < this.count && to - from < most && this.#startOf(to) - start < bytes) to++
    return to - from
  }

  /** Entries joined by commas, between two texts. */
  joined(from: number, count: number, before: string, after: string): Uint8Array {
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
    return index === 0 ? 0 : (this.#ends[index - 1] ?? this.size)
  }

  #grow(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    bytes.set(this.#bytes.subarray(0, this.size))
    this.#bytes = bytes
  }
}
