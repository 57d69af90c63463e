import type { StoreClaim } from '../ports/store.js'
import { storeError } from './failures.js'
import { checkKey, keepable } from './keys.js'
import { latch } from './latch.js'
import type { FolderLock } from './lock.js'
import type { ResolvedStoreOptions } from './options.js'
import type { SqliteDatabase } from './sqlite-driver.js'
import { rollBack, takeEpoch } from './sqlite-epoch.js'
import { closeAtRest } from './sqlite-open.js'
import { prepareQueries } from './sqlite-queries.js'
import { readerOf } from './sqlite-reader.js'
import { quarantineRow, removeRows } from './sqlite-removal.js'
import { prepareWrites } from './sqlite-writes.js'

/** Takes the next epoch and gives the claim; closing it closes the database and drops the lock. */
export function claimDatabase(
  database: SqliteDatabase,
  lock: FolderLock,
  location: string,
  options: ResolvedStoreOptions,
): StoreClaim {
  const { epoch, keep } = takeEpoch(database, options)
  const queries = prepareQueries(database)
  const writes = prepareWrites(database, epoch, keep)
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const closing = latch(location)

  /** Runs the work in a transaction of this epoch: all of it or nothing. */
  function transact<T>(work: () => T): T {
    closing.check()
    try {
      begin.run()
      writes.checkEpoch()
      const result = work()
      commit.run()
      return result
    } catch (error) {
      rollBack(database)
      writes.forget()
      throw storeError(location, error)
    }
  }

  return {
    ...readerOf(location, closing, () => queries),
    epoch,
    async commit(batch) {
      return transact(() => writes.commit(batch))
    },
    async quarantine(key, sequence, reason) {
      checkKey(key)
      transact(() => quarantineRow(database, key, sequence, keepable(reason), options.now()))
      writes.forget(key)
    },
    async remove(key) {
      checkKey(key)
      transact(() => removeRows(database, key))
      writes.forget(key)
    },
    async close() {
      if (!closing.close()) return
      try {
        closeAtRest(database)
      } finally {
        lock.release()
      }
    },
  }
}
