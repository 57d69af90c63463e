import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Lines } from '../stream/journal-sink.js'
import { FOLDER, fileNameOf, parseFileName } from './file-name.js'

/** A file that takes more than this is flushed before the turn ends. */
const MOST_WAITING_BYTES = 256 * 1024

/**
 * Keeps segments in files of the folder `inspect` in a store's: appended to, never changed, for this user alone. The oldest are removed
 * when all together are over the budget. A disk that is full costs the recording, never a service.
 */
export class SegmentFiles implements Lines {
  readonly #folder: string
  #file: number | undefined
  #number = 0
  #waiting: Uint8Array[] = []
  #waitingBytes = 0

  /**
   * @param folder the store's
   * @param failed is told what keeps the recording from being written
   */
  constructor(
    folder: string,
    private readonly incarnation: string,
    private readonly budgetBytes: number,
    private readonly failed: (cause: unknown) => void,
  ) {
    this.#folder = join(folder, FOLDER)
  }

  begin(lines: readonly string[]): void {
    this.close()
    this.#safely(() => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      this.#number++
      // Exclusive, so that no link is ever followed.
      this.#file = openSync(join(this.#folder, fileNameOf(this.incarnation, this.#number)), 'ax', 0o600)
      this.#makeRoom()
    })
    for (const text of lines) this.line(text)
  }

  line(text: string): void {
    this.#wait(Buffer.from(`${text}\n`))
  }

  bytes(lines: Uint8Array): void {
    // Copied, since it is read later than now; or written at once where it is much.
    this.#wait(lines.length > MOST_WAITING_BYTES ? lines : Buffer.from(lines))
  }

  flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#waitingBytes = 0
    const file = this.#file
    if (file === undefined || waiting.length === 0) return
    this.#safely(() => {
      const bytes = waiting.length === 1 && waiting[0] !== undefined ? waiting[0] : Buffer.concat(waiting)
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    })
  }

  close(): void {
    this.flush()
    const file = this.#file
    this.#file = undefined
    if (file !== undefined) closeSync(file)
  }

  #wait(bytes: Uint8Array): void {
    if (this.#file === undefined) return
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    if (this.#waitingBytes > MOST_WAITING_BYTES) this.flush()
  }

  /** Removes the oldest files, never the one that is written. */
  #makeRoom(): void {
    const names = readdirSync(this.#folder).filter((name) => parseFileName(name) !== undefined)
    const files = names.sort().map((name) => ({ name, size: statSync(join(this.#folder, name)).size }))
    let size = files.reduce((sum, file) => sum + file.size, 0)
    // Room for the one that begins as well.
    for (const file of files.slice(0, -1)) {
      if (size <= this.budgetBytes) return
      rmSync(join(this.#folder, file.name), { force: true })
      size -= file.size
    }
  }

  /** What goes wrong ends this file; the next segment tries again. */
  #safely(run: () => void): void {
    try {
      run()
    } catch (cause) {
      const file = this.#file
      this.#file = undefined
      if (file !== undefined) closeSync(file)
      this.failed(cause)
    }
  }
}
