import { TardigradeError } from '../../errors/base.js'
import {
  StoreDamagedError,
  StoreFailedError,
  StoreFullError,
  StoreNotWritableError,
  StoreUnreachableError,
} from '../../errors/store.js'
import { DAMAGED_SERVER_REMEDY, SERVER_REMEDY } from '../server-remedies.js'

/** What Redis' errors begin with where it will answer again by itself. */
const AWAY = /^(?:LOADING|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|BUSY)\b/
const FULL = /^OOM\b|No space left/
const NOT_WRITABLE =
  /^(?:MISCONF|READONLY|NOAUTH|WRONGPASS|NOPERM|NOREPLICAS|ERR AUTH)\b|^ERR The user executing the script can't/
/** One who has not said who asks, or not rightly. */
const UNKNOWN_USER = /^(?:NOAUTH|WRONGPASS|ERR AUTH)\b/
const DAMAGED = /^WRONGTYPE\b/

/** Turns what the driver threw into the error that says what to do; `cause` keeps the original. */
export function failureOf(location: string, cause: unknown, key?: string): TardigradeError {
  if (cause instanceof TardigradeError) return cause
  const facts = { cause, key }
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause)
  if (isAway(cause)) return new StoreUnreachableError(location, reason, facts)
  const said = saidBy(cause)
  if (FULL.test(said)) return new StoreFullError(location, facts)
  if (NOT_WRITABLE.test(said))
    return new StoreNotWritableError(location, reason.replace(/\.$/, ''), facts, SERVER_REMEDY)
  if (DAMAGED.test(said)) return new StoreDamagedError(location, reason, facts, DAMAGED_SERVER_REMEDY)
  return new StoreFailedError(location, facts)
}

/** Whether the connection has broken, or could not be made, or the server is not ready, so that it may answer later. */
export function isAway(cause: unknown): boolean {
  if (cause instanceof TardigradeError || !(cause instanceof Error)) return false
  if (cause.name === 'ReplyError') return AWAY.test(saidBy(cause))
  return !(cause instanceof TypeError || cause instanceof RangeError)
}

/** Whether the server answers nobody who has not said who asks. */
export function isUnknownUser(cause: unknown): boolean {
  return UNKNOWN_USER.test(saidBy(cause))
}

/** Whether the server does not know the script of this name any more. */
export function isUnknownScript(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith('NOSCRIPT')
}

/** What the server has said: of a script's error, what its command said. */
function saidBy(cause: unknown): string {
  if (!(cause instanceof Error) || cause.name !== 'ReplyError') return ''
  return cause.message.replace(/^ERR Error running script.*?: /, '').replace(/^@?user_script:\d+: /, '')
}
