import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { RecordingUnreadableError } from '../../errors/inspect.js'
import { isMissing } from '../../errors/missing.js'
import type { Clock } from '../../ports/clock.js'
import type { Hide } from '../redact.js'
import type { Journal } from '../stream/journal.js'
import { FOLDER, parseFileName } from './file-name.js'
import type { RecordedCommit } from './recorded-commit.js'
import { RecordedCommits } from './recorded-commits.js'
import { RecordingReader } from './recording-reader.js'

const CHUNK_BYTES = 256 * 1024
const LINE_END = 10

/** A file that is read, and how far. */
interface Read {
  readonly reader: RecordingReader
  bytes: number
}

/** Reads the recordings of a store's folder into a journal, and goes on with what is written to them. It changes nothing. */
export class Recordings {
  readonly #folder: string
  readonly #files = new Map<string, Read>()
  readonly #commits = new RecordedCommits()
  readonly #unreadable = new Map<string, RecordingUnreadableError>()

  /**
   * @param folder the store's
   * @param hide hides what whoever recorded it has not hidden
   * @param except an incarnation that the journal is told of by itself
   */
  constructor(
    folder: string,
    private readonly journal: Journal,
    private readonly hide: Hide,
    private readonly except?: string,
  ) {
    this.#folder = join(folder, FOLDER)
  }

  /** The last commits that were recorded, each of another service, as far as they are read: the newest of the greatest epoch first. */
  get newestCommits(): readonly RecordedCommit[] {
    return this.#commits.newest
  }

  /** What cannot be read, so far. */
  get unreadable(): readonly RecordingUnreadableError[] {
    return [...this.#unreadable.values()]
  }

  /** Reads what is new. Of files that were never read, only the newest that the journal has room for. */
  read(): void {
    for (const _ of this.#steps());
    this.journal.settle()
  }

  /** The same in short stretches, between which the platform has its turn, until `isOver`. */
  async readGently(clock: Clock, isOver: () => boolean): Promise<void> {
    for (const _ of this.#steps()) {
      await new Promise<void>((resolve) => clock.yieldThen(resolve))
      if (isOver()) return
    }
    this.journal.settle()
  }

  *#steps(): Generator<void> {
    for (const name of this.#names()) {
      let read = this.#files.get(name)
      if (read === undefined) {
        const reader = new RecordingReader(this.journal, name, this.hide, (told) => this.#commits.add(told))
        read = { reader, bytes: 0 }
        this.#files.set(name, read)
      }
      try {
        yield* this.#readOn(join(this.#folder, name), read)
      } catch (cause) {
        // Forbidden, or of a disk that fails: who looks is told that something is missing, and all else goes on.
        this.#note(join(this.#folder, name), cause)
        read.reader.leaveOut()
        read.bytes = Number.POSITIVE_INFINITY
      }
    }
  }

  #names(): readonly string[] {
    const names = this.#entries()
      .filter((name) => {
        const parsed = parseFileName(name)
        return parsed !== undefined && parsed.incarnation !== this.except
      })
      .sort()
    let room = this.journal.budget
    const known = names.filter((name) => this.#files.has(name))
    const fresh: string[] = []
    // The newest first, while there is room.
    for (const name of names.toReversed()) {
      if (this.#files.has(name)) continue
      room -= sizeOf(join(this.#folder, name))
      if (room < 0 && fresh.length > 0) this.#files.set(name, this.#pastReading(name))
      else fresh.unshift(name)
    }
    return [...known, ...fresh].sort()
  }

  #entries(): readonly string[] {
    try {
      return readdirSync(this.#folder)
    } catch (error) {
      // Nothing may have been recorded.
      if (!isMissing(error)) this.#note(this.#folder, error)
      return []
    }
  }

  #note(path: string, cause: unknown): void {
    if (!this.#unreadable.has(path)) this.#unreadable.set(path, new RecordingUnreadableError(path, { cause }))
  }

  /** A file that is passed over for good. */
  #pastReading(name: string): Read {
    return { reader: new RecordingReader(this.journal, name, this.hide), bytes: Number.POSITIVE_INFINITY }
  }

  *#readOn(path: string, read: Read): Generator<void> {
    if (sizeOf(path) <= read.bytes) return
    const file = opened(path)
    if (file === undefined) return
    try {
      for (let size = CHUNK_BYTES; ; ) {
        const buffer = Buffer.alloc(size)
        const count = readSync(file, buffer, 0, size, read.bytes)
        const end = buffer.subarray(0, count).lastIndexOf(LINE_END) + 1
        if (end > 0) read.reader.read(buffer.toString('utf8', 0, end))
        read.bytes += end
        if (count < size) return
        // A line that is longer than what was read.
        if (end === 0) size *= 2
        yield
      }
    } finally {
      closeSync(file)
    }
  }
}

/** Undefined for one that made room for newer ones. */
function opened(path: string): number | undefined {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Nothing is read of what is no plain file. */
function sizeOf(path: string): number {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    return stats?.isFile() === true ? stats.size : 0
  } catch {
    // Whoever may not ask may not read it either.
    return 0
  }
}
