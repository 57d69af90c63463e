import { resolve, sep } from 'node:path'

/** What a transfer is started with. */
export interface TransferInput {
  /** The file to read. */
  readonly from: string
  /**
   * Where it goes: a file, a folder (one that exists, or a path that ends with a slash), or an HTTP address
   * that takes resumable uploads; see `HttpTarget`.
   */
  readonly to: string
  /** How much is copied between two checkpoints, in bytes. Default 4 MiB. Google's servers want multiples of 256 KiB. */
  readonly chunkSize?: number
  /** The most that is copied in a second, in bytes. Default: no limit. */
  readonly bytesPerSecond?: number
  /** Sent with every HTTP request. They are stored in the checkpoint as they are: prefer short-lived tokens. */
  readonly headers?: Readonly<Record<string, string>>
  /** After this time without a byte either way an HTTP request counts as failed, in ms. Default 30,000. */
  readonly stallMs?: number
  /** For diagnostics: a file that gets a line `process offset length` before each chunk is written. */
  readonly journal?: string
}

const DEFAULT_CHUNK_SIZE = 4 * 1024 * 1024

/** The input with its defaults and with full paths, since a restart may come from another folder; an address stays as it is. */
export interface TransferPlan extends Omit<TransferInput, 'chunkSize'> {
  readonly chunkSize: number
}

/** @throws {RangeError} a number is out of its range */
export function planOf(input: TransferInput): TransferPlan {
  const { chunkSize = DEFAULT_CHUNK_SIZE, bytesPerSecond, from, to, journal } = input
  if (!Number.isSafeInteger(chunkSize) || chunkSize < 1) {
    throw new RangeError(`chunkSize is ${chunkSize}; give a whole number of bytes from 1 on.`)
  }
  if (bytesPerSecond !== undefined && !(bytesPerSecond > 0)) {
    throw new RangeError(`bytesPerSecond is ${bytesPerSecond}; give a number above 0, or leave it out.`)
  }
  return {
    ...input,
    chunkSize,
    from: schemeOf(from) === undefined ? resolve(from) : from,
    to: schemeOf(to) === undefined ? resolve(to) + (namesFolder(to) ? sep : '') : to,
    ...(journal === undefined ? {} : { journal: resolve(journal) }),
  }
}

/** Whether a path says by its end that it is a folder. */
export function namesFolder(path: string): boolean {
  return path.endsWith('/') || path.endsWith(sep)
}

/** The scheme of an address, such as `https`; undefined for a path. */
export function schemeOf(to: string): string | undefined {
  // A single letter is a disk's name on Windows.
  return /^([a-z][a-z0-9+.-]+):\/\//i.exec(to)?.[1]?.toLowerCase()
}

/** Whether the target is an HTTP address. */
export function isHttp(to: string): boolean {
  const scheme = schemeOf(to)
  return scheme === 'http' || scheme === 'https'
}
