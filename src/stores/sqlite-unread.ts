import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync } from 'node:fs'
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
  const bytes = existsSync(log) ? readFileSync(log) : undefined
  const unread = bytes && unreadFramesIn(bytes)
  if (bytes === undefined || unread === undefined) return undefined
  const newest = keptLogs(path).at(-1)
  // A claim that was refused, or killed, after it had kept the log finds it again.
  if (newest !== undefined && readFileSync(newest).equals(bytes))
    return new StoreLogDamagedError(folder, newest, unread)
  const kept = `${path}${KEPT}${newest === undefined ? 1 : numberOf(newest) + 1}`
  // Under another name first: what a kill or a full disk leaves of it is no copy, and written over by the next.
  const made = `${path}-wal.new`
  copyFileSync(log, made)
  syncFile(made)
  renameSync(made, kept)
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
