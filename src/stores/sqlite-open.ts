import { chmodSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { StoreDamagedError, StoreNotWritableError } from '../errors/store.js'
import { StoreNotReadableError } from '../errors/store-reading.js'
import { checkFile } from './folder.js'
import type { SqliteDatabase, SqliteDriver } from './sqlite-driver.js'
import { createSchema, inspectFormat, pragma } from './sqlite-schema.js'
import { syncFolder } from './sync.js'

/** The database with the checkpoints, inside the store's folder. */
export const DATABASE_FILE = 'tardigrade.db'

/** How long a statement waits for another program's transaction, such as a backup tool's. */
const BUSY_TIMEOUT_MS = 5000

/** Opens the database for its owner and makes it, if need be. The caller holds the folder's lock. */
export function openForWriting(driver: SqliteDriver, folder: string, path: string): SqliteDatabase {
  checkFile(folder, path)
  if (databaseAt(folder, path) === undefined) makeDatabase(driver, folder, path)
  const database = new driver.DatabaseSync(path)
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
    const state = inspectFormat(database, folder)
    configure(database, folder, path)
    if (state === 'empty') createSchema(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/**
 * Makes the database under another name, so that it is there with its tables or not at all: an owner that is killed meanwhile leaves no
 * empty file, which nobody could tell from one that was cut off.
 */
function makeDatabase(driver: SqliteDriver, folder: string, path: string): void {
  const made = `${path}.new`
  // What an earlier try has left; and what lies empty beside a database that is gone.
  for (const file of [made, `${path}-wal`, `${path}-shm`, `${path}-journal`]) rmSync(file, { force: true })
  const database = new driver.DatabaseSync(made)
  try {
    // A commit of one service writes one page, of many a few: twice SQLite's own size costs the one little more, and
    // the many half of the pages.
    database.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL')
    createSchema(database)
  } finally {
    database.close()
  }
  chmodSync(made, 0o600)
  renameSync(made, path)
  syncFolder(folder)
}

/** SQLite remembers none of these but the page size, not even in a WAL database that was written in full. */
function configure(database: SqliteDatabase, folder: string, path: string): void {
  // A log of up to 64 MB: writing it back less often is a fifth of the throughput of many services.
  database.exec('PRAGMA cache_size = -32768; PRAGMA trusted_schema = OFF; PRAGMA wal_autocheckpoint = 4096')
  // The log is switched on and off under a rollback journal, which wants more than the log itself does.
  database.exec('PRAGMA synchronous = FULL')
  if (process.platform === 'darwin') {
    // Without it, fsync on macOS leaves the data in the drive's own cache.
    database.exec('PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1')
  }
  // From here on SQLite gives its side files the database's permissions; those that a killed owner has left keep theirs.
  for (const file of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(file)) chmodSync(file, 0o600)
  if (pragma(database, 'journal_mode = WAL') !== 'wal') {
    throw new StoreNotWritableError(folder, 'its file system has no shared memory for SQLite’s log')
  }
  // What a power cut must not take is synced by `powerLog`, beside the thread.
  database.exec('PRAGMA synchronous = NORMAL')
}

/** Leaves one plain file behind, which readers can open without making any beside it. */
export function closeAtRest(database: SqliteDatabase): void {
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE')
  } catch {
    // A reader has it open: the log stays, and the next claim goes on with it.
  } finally {
    database.close()
  }
}

/**
 * Which file the database is, and when it was written last; undefined while there is none. An owner writes into its log and seldom here:
 * what another program has put in its place, or into it, must be opened anew, since SQLite would go on with what it has read.
 * @throws {StoreNotReadableError} it is no file; and what the file system refuses it with
 * @throws {StoreDamagedError} it is empty, or its log alone is there
 */
export function databaseAt(folder: string, path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) {
    checkNoLog(folder, path)
    return undefined
  }
  if (!stats.isFile()) throw new StoreNotReadableError(folder, `${path} is no plain file`)
  const { dev, ino, size, mtimeMs } = stats
  // SQLite takes a file of one byte for none, too.
  if (size <= 1) throw emptyError(folder, path, size)
  return `${dev} ${ino} ${size} ${mtimeMs}`
}

/** What was committed last may lie in the log alone; a new database would have it deleted. */
function checkNoLog(folder: string, path: string): void {
  for (const log of [`${path}-wal`, `${path}-journal`]) {
    if (!statSync(log, { throwIfNoEntry: false })?.size) continue
    throw new StoreDamagedError(
      folder,
      `${path} is gone, and its log ${log} is still there`,
      {},
      'Nothing was changed. Put the database back beside its log, or restore the folder from a copy; where there is none, move the log away and begin anew.',
    )
  }
}

/** SQLite would take it for a new database, and delete the log beside it: no owner of ours leaves such a file. */
function emptyError(folder: string, path: string, size: number): StoreDamagedError {
  return new StoreDamagedError(
    folder,
    `${path} is empty (${size === 0 ? '0 bytes' : '1 byte'}), as a file is that was cut off, and a healthy one has 8,192 bytes or more`,
    {},
    'Nothing was changed. Restore the folder from a copy; where there is none, move it away and begin anew. Let no other program open the database as it is: it would delete the log that may lie beside it.',
  )
}

/** Opens the database for reading beside its owner; undefined while there is no store. */
export function openForReading(
  driver: SqliteDriver,
  folder: string,
  path: string,
): SqliteDatabase | undefined {
  if (databaseAt(folder, path) === undefined) return undefined
  try {
    return tryReading(driver, folder, path)
  } catch (error) {
    if (!existsSync(`${path}-journal`)) throw error
    // An owner was killed while it switched the log on or off. Whoever may write takes the half change back, as
    // SQLite would for any reader that may.
    rollBackHotJournal(driver, path)
    return tryReading(driver, folder, path)
  }
}

function rollBackHotJournal(driver: SqliteDriver, path: string): void {
  const database = new driver.DatabaseSync(path)
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; SELECT count(*) FROM sqlite_master`)
  } finally {
    database.close()
  }
}

function tryReading(driver: SqliteDriver, folder: string, path: string): SqliteDatabase | undefined {
  const database = new driver.DatabaseSync(path, { readOnly: true })
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
    if (inspectFormat(database, folder) === 'ready') return database
  } catch (error) {
    database.close()
    throw error
  }
  database.close()
  return undefined
}
