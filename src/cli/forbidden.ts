import { type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { TardigradeError } from '../errors/base.js'
import { StoreNotReadableError } from '../errors/store-reading.js'
import { readError } from '../stores/failures.js'
import { argument } from './format.js'

/** Of a folder into which this user may not look: which one on the way there forbids it, whose it is, and what that user can do. */
export function forbiddenError(folder: string, cause: unknown): TardigradeError {
  const user = process.geteuid?.()
  const [path, stats] = nearest(folder)
  // Windows has neither user numbers nor permission bits.
  if (user === undefined || stats === undefined) return readError(folder, cause)
  const rights = (stats.mode & 0o777).toString(8).padStart(3, '0')
  const { code = 'EACCES' } = cause as { readonly code?: string }
  const reason = `${code}: user ${user} may not look into ${path}, which belongs to user ${stats.uid} and has the rights ${rights}`
  const way =
    stats.uid === user
      ? `Run: chmod u+rwx ${argument(path)}`
      : `Run this as user ${stats.uid}, or have that user give user ${user} the rights to read the store and to enter the folders that lead to it.`
  return new StoreNotReadableError(folder, reason, { cause }, `Nothing was changed. ${way}`)
}

/** The folder, or the nearest above it of which can be told whose it is: what is in that cannot be looked at. */
function nearest(folder: string): readonly [string, Stats | undefined] {
  for (let path = folder; ; path = dirname(path)) {
    try {
      return [path, statSync(path)]
    } catch {
      if (path === dirname(path)) return [path, undefined]
    }
  }
}
