import { TardigradeError } from '../../errors/base.js'
import {
  StoreDamagedError,
  StoreFailedError,
  StoreFullError,
  StoreNotWritableError,
  StoreUnreachableError,
} from '../../errors/store.js'
import { DAMAGED_SERVER_REMEDY, SERVER_REMEDY } from '../server-remedies.js'
import { NoFreeConnectionError } from './driver.js'

const POOL_REMEDY =
  'Give the pool more connections (`max`), of which each claim keeps one for itself, or see that its server answers'

/** Postgres' own codes (postgresql.org/docs/current/errcodes-appendix.html). */
const FULL = new Set(['53100'])
const NOT_WRITABLE = new Set(['42501', '25006', '28000', '28P01', '3D000'])
const DAMAGED = new Set(['XX001', 'XX002', '3F000', '42P01', '42703', '42883'])

/** The server ends, begins, has no connection to spare, or has ended one at rest. */
const AWAY = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '53300'])

/** Turns what the driver threw into the error that says what to do; `cause` keeps the original. */
export function failureOf(location: string, cause: unknown, key?: string): TardigradeError {
  if (cause instanceof TardigradeError) return cause
  const facts = { cause, key }
  const reason = cause instanceof Error ? cause.message || codeOf(cause) || cause.name : String(cause)
  if (cause instanceof NoFreeConnectionError)
    return new StoreUnreachableError(location, reason, facts, POOL_REMEDY)
  if (isAway(cause)) return new StoreUnreachableError(location, reason, facts)
  const code = codeOf(cause) ?? ''
  if (FULL.has(code)) return new StoreFullError(location, facts)
  if (NOT_WRITABLE.has(code)) return new StoreNotWritableError(location, reason, facts, SERVER_REMEDY)
  if (DAMAGED.has(code)) return new StoreDamagedError(location, reason, facts, DAMAGED_SERVER_REMEDY)
  return new StoreFailedError(location, facts)
}

/**
 * Whether the connection has broken, or could not be made, so that another one may succeed. What the server itself has
 * refused carries a severity; all else that the driver rejects with comes from the connection.
 */
export function isAway(cause: unknown): boolean {
  if (cause instanceof TardigradeError || !(cause instanceof Error)) return false
  const code = codeOf(cause) ?? ''
  if ('severity' in cause) return code.startsWith('08') || AWAY.has(code)
  return !(cause instanceof TypeError || cause instanceof RangeError)
}

/** Whether the server says that there is no such table, or no such schema. */
export function isAbsent(cause: unknown): boolean {
  const code = codeOf(cause)
  return code === '42P01' || code === '3F000'
}

/** Whether the server says that somebody still has the lock that was waited for. */
export function isLocked(cause: unknown): boolean {
  return codeOf(cause) === '55P03'
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
}
