import { type FileHandle, open, stat } from 'node:fs/promises'
import { TransferError } from './problem.js'

/** What a source is known by: when one of these is another, it is another file. */
export interface SourceFacts {
  readonly size: number
  readonly mtimeMs: number
  /** Permissions, which a copy takes over. */
  readonly mode: number
}

/** @throws {TransferError} `source-missing`: there is no such file */
export async function factsOf(from: string): Promise<SourceFacts> {
  try {
    const found = await stat(from)
    if (!found.isFile()) {
      const what = found.isDirectory() ? 'a folder, not a file' : 'no file'
      throw new TransferError('source-missing', `${from} is ${what}.`)
    }
    return { size: found.size, mtimeMs: found.mtimeMs, mode: found.mode & 0o777 }
  } catch (error) {
    if (!isMissing(error)) throw error
    throw new TransferError('source-missing', `There is no file ${from}.`, undefined, error)
  }
}

/** @throws {TransferError} `source-changed`: it is not what it was */
export async function checkSource(from: string, known: SourceFacts): Promise<void> {
  const { size, mtimeMs } = await factsOf(from)
  if (size === known.size && mtimeMs === known.mtimeMs) return
  const what = size === known.size ? 'was written to' : `has ${size} bytes instead of ${known.size}`
  throw new TransferError('source-changed', `${from} ${what} since the transfer began.`)
}

/** Reads chunks of a file that must not change meanwhile. */
export class Source implements AsyncDisposable {
  private constructor(
    private readonly from: string,
    private readonly facts: SourceFacts,
    private readonly file: FileHandle,
    private readonly buffer: Buffer,
  ) {}

  static async open(from: string, facts: SourceFacts, chunkSize: number): Promise<Source> {
    await checkSource(from, facts)
    return new Source(from, facts, await open(from, 'r'), Buffer.allocUnsafe(Math.min(chunkSize, facts.size)))
  }

  /** The chunk at this offset, in a buffer that the next call uses again. */
  async read(at: number): Promise<Buffer> {
    await checkSource(this.from, this.facts)
    const wanted = Math.min(this.buffer.length, this.facts.size - at)
    for (let got = 0; got < wanted; ) {
      const { bytesRead } = await this.file.read(this.buffer, got, wanted - got, at + got)
      if (bytesRead === 0) {
        throw new TransferError('source-changed', `${this.from} became shorter during the transfer.`)
      }
      got += bytesRead
    }
    return this.buffer.subarray(0, wanted)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close()
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
