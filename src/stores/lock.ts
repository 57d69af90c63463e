import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { StoreLockedError } from '../errors/store.js'
import { isBusy, storeError } from './failures.js'
import { checkFile } from './folder.js'
import type { SqliteDatabase, SqliteDriver } from './sqlite-driver.js'

/** Empty for ever; only its lock matters. */
export const LOCK_FILE = 'lock.db'

/** A folder that is held until `release` or the end of the process, however it ends. */
export interface FolderLock {
  release(): void
}

/**
 * Takes the folder for this process and this claim, at once or not at all.
 *
 * The lock is SQLite's own exclusive one on a file beside the data, so the kernel drops it with the process.
 * Nothing here opens that file by itself: on POSIX, closing any descriptor of it would drop the lock.
 * @throws {StoreLockedError} somebody holds it; `holderPid` is asked for who
 */
export function lockFolder(
  driver: SqliteDriver,
  folder: string,
  holderPid: () => number | undefined,
): FolderLock {
  const path = join(folder, LOCK_FILE)
  let database: SqliteDatabase | undefined
  try {
    // SQLite would open a file that it may not write for reading, and begin without a lock.
    checkFile(folder, path)
    database = new driver.DatabaseSync(path)
    // Nothing is ever written, and a journal on the disk would only lie around.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY')
    database.exec('BEGIN EXCLUSIVE')
    chmodSync(path, 0o600)
  } catch (error) {
    database?.close()
    if (!isBusy(error)) throw storeError(folder, error)
    throw new StoreLockedError(folder, holderPid(), { cause: error })
  }
  const held = database
  return { release: () => held.close() }
}
