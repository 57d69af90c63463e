import { TardigradeError } from '../../errors/base.js'
import { StoreFailedError, StoreFullError, StoreNotWritableError } from '../../errors/store.js'

/** What a browser says where a page may not store, such as in some private windows. */
const REFUSED = new Set(['SecurityError', 'NotAllowedError', 'ReadOnlyError'])

/**
 * What Chromium says where the user, or a policy, has it keep nothing of this site, and Firefox in private windows before 115: by names
 * that may mean anything.
 */
const DENIED = /denied|did not allow mutations/

const REMEDY =
  'Have the browser keep data of this site, or use memoryStore(), whose checkpoints end with the page.'

/** Turns what IndexedDB threw into the error that says what to do; `cause` keeps the original. */
export function failureOf(location: string, cause: unknown, key?: string): TardigradeError {
  if (cause instanceof TardigradeError) return cause
  const facts = { cause, key }
  // QuotaExceededError is a class of its own in newer browsers.
  const { name, message } = cause instanceof Error ? cause : { name: '', message: String(cause) }
  if (name === 'QuotaExceededError') return new StoreFullError(location, facts)
  if (REFUSED.has(name) || DENIED.test(message))
    return new StoreNotWritableError(location, message.replace(/\.$/, ''), facts, REMEDY)
  return new StoreFailedError(location, facts)
}
