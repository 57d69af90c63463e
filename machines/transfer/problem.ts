/** Why a transfer cannot go on. The first two pass by themselves; the others need somebody. */
export type ProblemKind =
  /** No connection, or it broke or stalled. */
  | 'network'
  /** The server answered that it cannot now: 408, 429 or 5xx. */
  | 'server-busy'
  /** The server will not: another 4xx, or an answer that is none to an upload. */
  | 'refused'
  | 'source-missing'
  /** The folder to copy into is not there. */
  | 'target-missing'
  /** What stands in the copy's place is no file: a device, a link, a pipe. */
  | 'target-no-file'
  /** The source's size or time is not what it was when the transfer began. */
  | 'source-changed'
  /** What had been copied is gone or shorter. */
  | 'target-changed'
  /** The copy's SHA-256 is not the source's. */
  | 'mismatch'
  /** The server tells no SHA-256 and does not give the file back. */
  | 'cannot-verify'
  | 'no-space'
  | 'not-permitted'
  | 'other'

/** A problem as data, for machines and UIs. */
export interface Problem {
  readonly kind: ProblemKind
  /** For people: what is wrong, and with what. */
  readonly message: string
  /** What a server asked for, in ms. */
  readonly retryAfterMs?: number
}

/** What the tasks of a transfer throw when they know what is wrong. */
export class TransferError extends Error {
  override readonly name = 'TransferError'
  constructor(
    readonly kind: ProblemKind,
    message: string,
    readonly retryAfterMs?: number,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause })
  }
}

const KIND_OF_CODE: Readonly<Record<string, ProblemKind>> = {
  ENOSPC: 'no-space',
  EDQUOT: 'no-space',
  EFBIG: 'no-space',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
  EROFS: 'not-permitted',
}

const SENTENCE: Partial<Record<ProblemKind, string>> = {
  'no-space': 'There is no room left for the copy',
  'not-permitted': 'This user may not read the source or write the copy',
}

/** What an error of a task means. */
export function problemOf(error: unknown): Problem {
  if (error instanceof TransferError) {
    const { kind, message, retryAfterMs } = error
    return { kind, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  }
  if (!(error instanceof Error)) return { kind: 'other', message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const kind = KIND_OF_CODE[code] ?? 'other'
  return { kind, message: `${SENTENCE[kind] ?? 'The transfer failed'}: ${error.message}.` }
}

/** Whether waiting may help. */
export function passes({ kind }: Problem): boolean {
  return kind === 'network' || kind === 'server-busy'
}

/** Whether what was copied so far is worth nothing, so that another try begins at the first byte. */
export function spoils({ kind }: Problem): boolean {
  return kind === 'source-changed' || kind === 'target-changed' || kind === 'mismatch'
}

const FIRST_DELAY_MS = 1000
const LONGEST_DELAY_MS = 300_000

/** How long to wait before another try after so many failures in a row, in ms: as the server asks, else doubled. */
export function backoffMs(attempts: number, problem: Problem | undefined): number {
  return problem?.retryAfterMs ?? Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), LONGEST_DELAY_MS)
}
