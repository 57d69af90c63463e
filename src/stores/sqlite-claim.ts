import { join } from 'node:path'
import { StoreGoneError, SyncFailedError } from '../errors/store-doubt.js'
import type { CommitOutcome, CommitRequest, StoreClaim } from '../ports/store.js'
import { storeError } from './failures.js'
import { checkKey, keepable } from './keys.js'
import { latch } from './latch.js'
import type { FolderLock } from './lock.js'
import type { ResolvedStoreOptions } from './options.js'
import type { SqliteDatabase } from './sqlite-driver.js'
import { rollBack, takeEpoch } from './sqlite-epoch.js'
import type { CommitLog } from './sqlite-log.js'
import { closeAtRest, DATABASE_FILE } from './sqlite-open.js'
import { placeOf } from './sqlite-place.js'
import { prepareQueries } from './sqlite-queries.js'
import { readerOf } from './sqlite-reader.js'
import { quarantineRow, removeRows } from './sqlite-removal.js'
import { prepareWrites } from './sqlite-writes.js'

/** Takes the next epoch and gives the claim; closing it closes the database and drops the lock. */
export async function claimDatabase(
  database: SqliteDatabase,
  log: CommitLog,
  lock: FolderLock,
  location: string,
  options: ResolvedStoreOptions,
): Promise<StoreClaim> {
  const { epoch, keep } = takeEpoch(database, options)
  log.open()
  await log.durable()
  const path = join(location, DATABASE_FILE)
  const place = placeOf(path, options.now)
  const queries = prepareQueries(database, keep)
  const writes = prepareWrites(database, epoch, keep)
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const closing = latch(location)
  /** Why nobody knows any more what the disk has. */
  let unsure: SyncFailedError | StoreGoneError | undefined
  const usable = {
    check() {
      closing.check()
      if (unsure !== undefined) throw unsure
    },
  }

  /** Does the work, or nothing of it. */
  function attempt<T>(work: () => T): T {
    usable.check()
    try {
      return work()
    } catch (error) {
      rollBack(database)
      writes.forget()
      throw storeError(location, error)
    }
  }

  /** Does the work in a transaction of this epoch. */
  function transact<T>(work: () => T): T {
    return attempt(() => {
      begin.run()
      writes.checkEpoch()
      log.reserve()
      const result = work()
      commit.run()
      return result
    })
  }

  /** In a transaction, where it takes more than the one statement that is one. */
  function write(batch: readonly CommitRequest[]): readonly CommitOutcome[] {
    const work = () => writes.commit(batch)
    return writes.isOneStatement(batch) && !log.isShort ? attempt(work) : transact(work)
  }

  /** The key of the last commit, where it was of one service. */
  let lastKey: string | undefined

  /** Whether nobody but one service writes of late. */
  function isAlone(batch: readonly CommitRequest[]): boolean {
    const before = lastKey
    lastKey = batch.length === 1 ? batch[0]?.key : undefined
    return lastKey !== undefined && lastKey === before
  }

  /** Resolves when what was done is durable. */
  async function durably<T>(work: () => T, isOfOne = false): Promise<T> {
    const result = work()
    const synced = log.durable(isOfOne)
    // While the disk works, so that nobody waits for it.
    if (!place.wasOurs()) unsure ??= new StoreGoneError(location, path)
    try {
      await synced
    } catch (cause) {
      // The kernel may have dropped what it could not write, and would say so to nobody again.
      unsure ??= new SyncFailedError(location, { cause })
    }
    // Of two syncs at once, the kernel may have told the other alone.
    if (unsure !== undefined) throw unsure
    return result
  }

  return {
    ...readerOf(location, usable, () => queries),
    epoch,
    commit: (batch) => durably(() => write(batch), isAlone(batch)),
    async quarantine(key, sequence, reason) {
      checkKey(key)
      await durably(() =>
        transact(() => {
          quarantineRow(database, key, sequence, keepable(reason), options.now())
          writes.forget(key)
        }),
      )
    },
    async remove(key) {
      checkKey(key)
      await durably(() =>
        transact(() => {
          removeRows(database, key)
          writes.forget(key)
        }),
      )
    },
    async close() {
      if (!closing.close()) return
      try {
        await log.close()
        if (place.isOurs()) closeAtRest(database)
        // SQLite would delete the log of whoever has come into its place.
        else database.close()
      } finally {
        lock.release()
      }
    },
  }
}
