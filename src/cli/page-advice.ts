import { TardigradeError } from '../errors/base.js'
import { hasRecordings } from '../inspect/files/has-recordings.js'

/** Of a store that says nothing any more, or not all. */
const UNREADABLE = ['STORE_DAMAGED', 'STORE_NOT_READABLE', 'STORE_FAILED']

/** Where a command cannot read its store, that the page shows more; undefined where nothing was recorded beside it. */
export function pageAdvice(error: unknown, folder: string): string | undefined {
  const isUnreadable = error instanceof TardigradeError && UNREADABLE.includes(error.code)
  return isUnreadable && hasRecordings(folder)
    ? '`tardigrade inspect` shows what was recorded beside it.'
    : undefined
}
