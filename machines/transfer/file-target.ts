import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { TransferError } from './problem.js'
import { isMissing, type SourceFacts } from './source.js'

/** The name that a copy has until it is verified. */
export function partOf(place: string): string {
  return `${place}.part`
}

/** A file beside its final name, written in place; what was written outlives a power cut. */
export class FileTarget implements AsyncDisposable {
  private constructor(
    private readonly place: string,
    private readonly file: FileHandle,
  ) {}

  /** Leaves what is there; `held` says how much of it counts. */
  static async open(place: string, { mode }: SourceFacts): Promise<FileTarget> {
    await checkPlace(place)
    const part = partOf(place)
    try {
      return new FileTarget(place, await open(part, 'r+'))
    } catch (error) {
      if (!isMissing(error)) throw error
      const file = await open(part, 'w+', mode | 0o200)
      await syncFolder(dirname(part))
      return new FileTarget(place, file)
    }
  }

  async held(known: number): Promise<number> {
    const { size } = await this.file.stat()
    if (size < known) {
      const part = partOf(this.place)
      throw new TransferError('target-changed', `${part} has ${size} bytes, but ${known} had been copied.`)
    }
    // What another transfer, or the chunk in flight, left behind the known end.
    if (size > known) await this.file.truncate(known)
    return known
  }

  async write(at: number, chunk: Buffer): Promise<number> {
    for (let written = 0; written < chunk.length; ) {
      const { bytesWritten } = await this.file.write(chunk, written, chunk.length - written, at + written)
      written += bytesWritten
    }
    await this.file.datasync()
    return at + chunk.length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close()
  }
}

/** Gives the verified copy its name. A second run after a crash finds that done. */
export async function publish(place: string, size: number): Promise<void> {
  await checkPlace(place)
  try {
    await rename(partOf(place), place)
  } catch (error) {
    if (!isMissing(error) || (await sizeOf(place)) !== size) throw error
  }
  await syncFolder(dirname(place))
}

/**
 * The copy may replace a file, and nothing else: a device or a link renamed over would be gone.
 * @throws {TransferError} `target-no-file`
 */
export async function checkPlace(place: string): Promise<void> {
  const found = await lstat(place).catch((error: unknown) => {
    if (isMissing(error)) return undefined
    throw error
  })
  if (found === undefined || found.isFile()) return
  const what = found.isSymbolicLink()
    ? 'a link; give the file that it leads to'
    : 'no file, and would be lost'
  throw new TransferError('target-no-file', `${place} is ${what}.`)
}

/** Takes away what an unfinished transfer has written. */
export async function discard(place: string): Promise<void> {
  await rm(partOf(place), { force: true })
}

async function sizeOf(path: string): Promise<number | undefined> {
  await using file = await open(path, 'r').catch(() => undefined)
  return (await file?.stat())?.size
}

/** Makes the names in a folder durable; Windows cannot, and its file system journals them. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  await using handle = await open(folder, 'r')
  await handle.sync()
}
