import { join, resolve } from 'node:path'
import { oneOf } from '../errors/option-checks.js'
import { StoreLockedError } from '../errors/store.js'
import type { Store, StoreClaim, StoreReader } from '../ports/store.js'
import { isBusy, storeError } from './failures.js'
import { prepareFolder } from './folder.js'
import { latch } from './latch.js'
import { lockFolder } from './lock.js'
import { resolveOptions, type StoreOptions } from './options.js'
import { claimDatabase } from './sqlite-claim.js'
import { loadSqliteDriver, type SqliteDatabase, type SqliteDriver } from './sqlite-driver.js'
import { powerLog, processLog } from './sqlite-log.js'
import { DATABASE_FILE, databaseAt, openForReading, openForWriting } from './sqlite-open.js'
import { prepareQueries, type SqliteQueries } from './sqlite-queries.js'
import { readerOf } from './sqlite-reader.js'
import { keepUnread } from './sqlite-unread.js'
import { checkText } from './storage-checks.js'

/** How a SQLite store is opened. */
export interface SqliteStoreOptions extends StoreOptions {
  /**
   * `power` (default): a commit that resolved outlives a power cut; one sync of the log a commit, beside the thread, or on it while one
   * service alone writes to a disk that takes half a millisecond at most: should it hang then, the process stands still as long.
   * `process`: it outlives the process, and a power cut may take the last ones, never tearing any.
   */
  readonly durability?: 'process' | 'power'
}

/**
 * Keeps checkpoints in a SQLite database in a folder of its own, which is made if need be.
 *
 * It needs Node 22.13 or newer, or the package `@photostructure/sqlite`. Reading works beside the owner and
 * in another process; a folder without a store reads as empty. A claim's calls do their work at once, on the
 * caller's thread, which goes on while a disk is waited for that is not a quick one. Of a log that is damaged `claim` keeps a
 * copy before it goes on, and the claim has a `StoreLogDamagedError` as its `warning`.
 * @throws {InvalidOptionError} an option is out of its range
 * @throws {MissingDriverError} from `claim` and `read`: neither SQLite is there
 * @throws {StoreLockedError} from `claim`: another process has it, or holds a transaction in the database for five seconds
 * @throws {StoreNotWritableError} from `claim`: the folder is another user's, or others could write to it
 * @throws {StoreDamagedError | NewerStoreError} from `claim` and all reading: the database cannot be used
 * @throws {StoreNotReadableError} from all reading: rights are missing, or the database is no file
 *
 * @example
 * ```ts
 * const supervisor = await createSupervisor({ store: sqliteStore('.tardigrade') })
 * ```
 */
export function sqliteStore(folder: string, options: SqliteStoreOptions = {}): Store {
  checkText('folder', folder, 'the path of a folder')
  const resolved = resolveOptions('sqliteStore', options, { durability: oneOf('power', 'process') })
  const durability = options.durability ?? 'power'
  const location = resolve(folder)
  const path = join(location, DATABASE_FILE)
  return {
    location,
    folder: location,
    durability,
    async claim(): Promise<StoreClaim> {
      const driver = await loadSqliteDriver('sqliteStore')
      prepareFolder(location)
      const lock = lockFolder(driver, location, () => holderPid(driver, location, path))
      const log = durability === 'power' ? powerLog(path) : processLog
      let database: SqliteDatabase | undefined
      try {
        const warning = keepUnread(location, path)
        database = openForWriting(driver, location, path)
        // What was read of that log goes into the database, and nobody finds the damage a second time.
        if (warning !== undefined) database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
        const claim = await claimDatabase(database, log, lock, location, resolved)
        return warning === undefined ? claim : { ...claim, warning }
      } catch (error) {
        await log.close()
        database?.close()
        lock.release()
        // A process that is frozen within a transaction, its folder's lock gone, or another program: nobody can read which.
        if (isBusy(error)) throw new StoreLockedError(location, undefined, { cause: error })
        throw storeError(location, error)
      }
    },
    async read(): Promise<StoreReader> {
      return readDatabase(await loadSqliteDriver('sqliteStore'), location, path)
    },
  }
}

function readDatabase(driver: SqliteDriver, location: string, path: string): StoreReader {
  const closing = latch(location)
  let opened:
    | { readonly file: string; readonly database: SqliteDatabase; readonly queries: SqliteQueries }
    | undefined
  const forget = () => {
    opened?.database.close()
    opened = undefined
  }
  const current = () => {
    const file = databaseAt(location, path)
    // It may be made later, and put in the place of a damaged one.
    if (opened?.file !== file) forget()
    if (opened !== undefined || file === undefined) return opened?.queries
    const database = openForReading(driver, location, path)
    if (database === undefined) return undefined
    opened = { file, database, queries: prepareQueries(database) }
    return opened.queries
  }
  return {
    ...readerOf(location, closing, current),
    async close() {
      if (closing.close()) forget()
    },
  }
}

/** Who holds the store, as it says itself; undefined when that cannot be read. */
function holderPid(driver: SqliteDriver, location: string, path: string): number | undefined {
  try {
    const database = openForReading(driver, location, path)
    const owner = database && prepareQueries(database).owner()
    database?.close()
    return owner?.pid
  } catch {
    return undefined
  }
}
