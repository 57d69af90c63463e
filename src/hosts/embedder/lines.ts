import { MissingFeatureError } from '../../errors/store.js'

/** Longest line that is read, in UTF-16 code units: of a longer one, this and one more is heard. */
export const LONGEST_LINE = 65_536

interface Input extends AsyncIterable<string | Uint8Array> {
  /** A pipe of Node keeps its process, or not. */
  ref?(): unknown
  unref?(): unknown
}

/** Who listens to the lines of an input. */
interface Hearer {
  /** `answer` is called once: what the last of all who heard the line answers is written for all. */
  readonly hear: (line: string, answer: (line: string) => void) => void
  readonly write: (line: string) => void
  /** There will be no more. */
  readonly gone: () => void
}

/** One reader for each input: a second one would take pieces away from it, and to end it would take the next piece, and the stream. */
const readers = new WeakMap<Input, LineReader>()

/** Begins to hear the lines of an input, those too that came while nobody did; gives what ends that. */
export function hearLines(input: Input, hearer: Hearer): () => void {
  const reader = readers.get(input) ?? new LineReader(input)
  readers.set(input, reader)
  return reader.listen(hearer)
}

class LineReader {
  readonly #hearers = new Set<Hearer>()
  readonly #input: Input
  readonly #pieces: AsyncIterator<string | Uint8Array>
  /** Made for pieces that are bytes: engines that give texts may have none. */
  #decoder: InstanceType<typeof TextDecoder> | undefined
  /** The piece that comes next, which is asked for once. */
  #next: Promise<IteratorResult<string | Uint8Array>> | undefined
  #rest = ''
  #isReading = false

  constructor(input: Input) {
    this.#input = input
    this.#pieces = input[Symbol.asyncIterator]()
  }

  listen(hearer: Hearer): () => void {
    this.#hearers.add(hearer)
    this.#input.ref?.()
    // An input that breaks has nothing more to say either, and nobody hears an answer that cannot be written.
    if (!this.#isReading) {
      void this.#read().catch((error: unknown) => {
        // Its app lives on, and would not know why all rests.
        if (error instanceof MissingFeatureError) console.error(error.message)
        this.#end()
      })
    }
    return () => {
      this.#hearers.delete(hearer)
      // The app may keep its end open for as long as it lives: that keeps nobody who has nothing left to do.
      if (this.#hearers.size === 0) this.#input.unref?.()
    }
  }

  async #read(): Promise<void> {
    this.#isReading = true
    while (this.#hearers.size > 0) {
      this.#next ??= this.#pieces.next()
      const { done, value } = await this.#next
      // It waits for who listens next.
      if (this.#hearers.size === 0) break
      if (done) return this.#end()
      this.#next = undefined
      for (const line of this.#linesOf(value)) this.#tell(line)
    }
    this.#isReading = false
  }

  #tell(line: string): void {
    const all = [...this.#hearers]
    // Each output is answered once, and none before all have.
    const writes = new Set(all.map(({ write }) => write))
    let left = all.length
    const answer = (told: string) => {
      if (--left === 0) for (const write of writes) write(told)
    }
    for (const { hear } of all) hear(line, answer)
  }

  #linesOf(piece: string | Uint8Array): readonly string[] {
    const lines = (this.#rest + this.#textOf(piece)).split('\n')
    // One without an end would grow for ever: of one that is too long its beginning is kept, until its end comes.
    this.#rest = (lines.pop() ?? '').slice(0, LONGEST_LINE + 1)
    return lines
  }

  #textOf(piece: string | Uint8Array): string {
    if (typeof piece === 'string') return piece
    if (!('TextDecoder' in globalThis)) {
      const remedy = 'Define it on globalThis, as a polyfill does, or give jsonLines an input of texts.'
      throw new MissingFeatureError('TextDecoder', remedy)
    }
    this.#decoder ??= new TextDecoder()
    return this.#decoder.decode(piece, { stream: true })
  }

  #end(): void {
    this.#isReading = false
    const all = [...this.#hearers]
    this.#hearers.clear()
    for (const { gone } of all) gone()
  }
}
