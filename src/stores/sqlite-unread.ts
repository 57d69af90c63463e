import { constants, copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { StoreLogDamagedError } from '../errors/store-doubt.js'
import { unreadFramesIn } from './sqlite-frames.js'
import { syncFile, syncFolder } from './sync.js'

const KEPT = '-wal.unread-'

/**
 * Looks whether the log of the database at `path` holds commits that SQLite will not see, and keeps a copy of it before the first
 * owner writes over them. The caller holds the folder's lock, and nobody has opened the database yet.
 * @throws what the file system refuses the copy with: then nothing was changed
 */
export function keepUnread(folder: string, path: string): StoreLogDamagedError | undefined {
  const log = `${path}-wal`
  // An owner that ended in good order leaves none.
  const unread = existsSync(log) ? unreadFramesIn(readFileSync(log)) : undefined
  if (unread === undefined) return undefined
  const kept = `${path}${KEPT}${Math.max(0, ...keptLogs(path).map(numberOf)) + 1}`
  copyFileSync(log, kept, constants.COPYFILE_EXCL)
  syncFile(kept)
  syncFolder(folder)
  return new StoreLogDamagedError(folder, kept, unread)
}

/** The copies beside the database at `path`, the oldest first. */
export function keptLogs(path: string): readonly string[] {
  const folder = dirname(path)
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(path)}${KEPT}`))
    .sort((one, other) => numberOf(one) - numberOf(other))
    .map((name) => join(folder, name))
}

function numberOf(kept: string): number {
  return Number(kept.slice(kept.lastIndexOf(KEPT) + KEPT.length))
}
