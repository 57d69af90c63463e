import { TardigradeError } from '../errors/base.js'
import {
  StoreDamagedError,
  StoreFailedError,
  StoreFullError,
  StoreNotWritableError,
} from '../errors/store.js'
import { StoreNotReadableError } from '../errors/store-reading.js'

/** SQLite's primary result codes, the low byte of an extended one (sqlite.org/rescode.html). */
const SQLITE = {
  permission: 3,
  busy: 5,
  readonly: 8,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  notADatabase: 26,
} as const

/** One driver's `all` throws SQLite's message without its code. */
const SQLITE_MESSAGES: ReadonlyMap<string, number> = new Map([
  ['database is locked', SQLITE.busy],
  ['attempt to write a readonly database', SQLITE.readonly],
  ['database disk image is malformed', SQLITE.corrupt],
  ['database or disk is full', SQLITE.full],
  ['unable to open database file', SQLITE.cantOpen],
  ['file is not a database', SQLITE.notADatabase],
])

/** A file that grew past the process' limit is a quota as well. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ELOOP'])

/** Turns what the file system or SQLite threw into the error that says what to do; `cause` keeps the original. */
export function storeError(location: string, cause: unknown, key?: string): TardigradeError {
  if (cause instanceof TardigradeError) return cause
  const facts = { cause, key }
  const reason = cause instanceof Error ? cause.message : String(cause)
  const { code, errcode } = codesOf(cause)
  if (code !== undefined && FULL.has(code)) return new StoreFullError(location, facts)
  if (code !== undefined && NOT_WRITABLE.has(code)) return new StoreNotWritableError(location, reason, facts)
  switch (errcode === undefined ? undefined : errcode & 0xff) {
    case SQLITE.full:
      return new StoreFullError(location, facts)
    case SQLITE.readonly:
    case SQLITE.cantOpen:
    case SQLITE.permission:
      return new StoreNotWritableError(location, reason, facts)
    case SQLITE.corrupt:
    case SQLITE.notADatabase:
      return new StoreDamagedError(
        location,
        reason,
        facts,
        'Nothing was changed. Restore the folder from a copy, or move it away and begin anew; the program sqlite3 and its `.recover` may save what is readable.',
      )
    default:
      return new StoreFailedError(location, facts)
  }
}

/** The same of what only reads. */
export function readError(location: string, cause: unknown, key?: string): TardigradeError {
  const error = storeError(location, cause, key)
  const isForbidden = error !== cause && error instanceof StoreNotWritableError
  if (!isForbidden && codesOf(cause).code !== 'EISDIR') return error
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new StoreNotReadableError(location, reason, { cause, key })
}

/** Whether another program holds what SQLite was to lock. */
export function isBusy(cause: unknown): boolean {
  return ((codesOf(cause).errcode ?? 0) & 0xff) === SQLITE.busy
}

/** `code` as Node's file system gives it, `errcode` as both SQLite drivers do. */
export function codesOf(cause: unknown): {
  readonly code: string | undefined
  readonly errcode: number | undefined
} {
  if (!(cause instanceof Error)) return { code: undefined, errcode: undefined }
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
  const errcode = 'errcode' in cause && typeof cause.errcode === 'number' ? cause.errcode : undefined
  return { code, errcode: errcode ?? SQLITE_MESSAGES.get(cause.message) }
}
