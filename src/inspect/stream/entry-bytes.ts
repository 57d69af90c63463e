const FIRST_BYTES = 64 * 1024
/** Characters that are encoded at once: each call costs as much as a hundred of them. */
const BATCH = 16 * 1024
const LINE_END = 10
const COMMA = 44

const encoder = new TextEncoder()

/** Entries as lines of JSON in UTF-8, in one piece of memory: texts by the hundred thousand would cost more than writing them. */
export class EntryBytes {
  #bytes: Uint8Array
  /** Where each line ends. */
  readonly #ends: number[] = []
  /** Lines that are not encoded yet, and the characters of each. */
  #pending = ''
  #lengths: number[] = []

  /** @param bytes that it has room for at first */
  constructor(bytes = FIRST_BYTES) {
    this.#bytes = new Uint8Array(bytes)
  }

  get count(): number {
    return this.#ends.length + this.#lengths.length
  }

  /** Bytes of all lines; those of the last few are estimated, until they are read. */
  get size(): number {
    return this.#encoded + this.#pending.length
  }

  add(text: string): void {
    this.#pending += `${text}\n`
    this.#lengths.push(text.length + 1)
    if (this.#pending.length >= BATCH) this.#encode()
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
    return index === 0 ? 0 : (this.#ends[index - 1] ?? this.#encoded)
  }

  get #encoded(): number {
    return this.#ends.at(-1) ?? 0
  }

  #encode(): void {
    if (this.#lengths.length === 0) return
    const start = this.#encoded
    // No character takes more than three bytes for each of its units.
    const needed = start + this.#pending.length * 3
    if (needed > this.#bytes.length) this.#grow(needed)
    const { written } = encoder.encodeInto(this.#pending, this.#bytes.subarray(start))
    if (written === this.#pending.length) {
      let end = start
      for (const length of this.#lengths) {
        end += length
        this.#ends.push(end)
      }
    } else {
      // JSON has no such character within a text.
      for (let at = start; at < start + written; at++)
        if (this.#bytes[at] === LINE_END) this.#ends.push(at + 1)
    }
    this.#pending = ''
    this.#lengths = []
  }

  #grow(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    bytes.set(this.#bytes.subarray(0, this.#encoded))
    this.#bytes = bytes
  }
}
