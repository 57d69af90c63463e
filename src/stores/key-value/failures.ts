import { TardigradeError } from '../../errors/base.js'
import { StoreFailedError, StoreFullError } from '../../errors/store.js'

/** What SQLite, Android and Apple say of a storage without room. */
const FULL = /\bfull\b|SQLITE_FULL|no space|ENOSPC|quota|out of space/i

/** Turns what the storage threw into the error that says what to do; `cause` keeps the original. */
export function failureOf(location: string, cause: unknown, key?: string): TardigradeError {
  if (cause instanceof TardigradeError) return cause
  const facts = { cause, key }
  const message = cause instanceof Error ? cause.message : String(cause)
  return FULL.test(message) ? new StoreFullError(location, facts) : new StoreFailedError(location, facts)
}
