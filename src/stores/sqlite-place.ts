import { statSync } from 'node:fs'

/** Whether the files that an owner has open are those that others find in the folder. */
export interface SqlitePlace {
  isOurs(): boolean
}

/**
 * The database at `path` and its log as they lie there now. Of a file that was deleted, or that another one has replaced, the
 * kernel keeps what its owner goes on writing until that ends, and nobody would ever find it.
 */
export function placeOf(path: string): SqlitePlace {
  const files = [path, `${path}-wal`]
  const opened = files.map(identityOf)
  return { isOurs: () => files.every((file, index) => identityOf(file) === opened[index]) }
}

/** Undefined where there is none, or where nobody may look any more. */
function identityOf(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats && `${stats.dev} ${stats.ino}`
  } catch {
    return undefined
  }
}
