import { setImmediate } from 'node:timers/promises'
import type { StoreClaim } from '../../../src/ports/store.js'
import { resolveOptions } from '../../../src/stores/options.js'
import { claimDatabase } from '../../../src/stores/sqlite-claim.js'
import type { SqliteDriver } from '../../../src/stores/sqlite-driver.js'
import { type CommitLog, processLog } from '../../../src/stores/sqlite-log.js'
import { openForWriting } from '../../../src/stores/sqlite-open.js'
import { keepUnread } from '../../../src/stores/sqlite-unread.js'
import { KEEP } from '../../../src/testing/contract/store/scene.js'
import { type Held, look } from '../stores/held.js'
import type { Protocol } from '../stores/outcomes.js'
import type { Bench, Image } from './image.js'
import { ToldDatabase } from './statements.js'

/** A batch is one transaction. */
export const SQLITE: Protocol = { name: 'sqlite', atomic: true }

/** The folder's lock is no part of this. */
const lock = { release: () => {} }

/** How a database is claimed. */
export interface LifeOptions {
  /** Has the log synced; by default nothing waits for a disk. */
  readonly log?: CommitLog
  /** After how many pages the log is written back. */
  readonly writeBackAfter?: number | undefined
  readonly prepare?: (database: ToldDatabase) => void
}

/** Claims the database on a bench, and gives it back. */
export async function claimed<T>(
  driver: SqliteDriver,
  bench: Bench,
  work: (claim: StoreClaim, database: ToldDatabase) => Promise<T>,
  { log = processLog, writeBackAfter, prepare }: LifeOptions = {},
): Promise<T> {
  const opened = openForWriting(driver, bench.folder, bench.path)
  const database = new ToldDatabase(opened)
  try {
    if (writeBackAfter !== undefined) opened.exec(`PRAGMA wal_autocheckpoint = ${writeBackAfter}`)
    prepare?.(database)
    const options = resolveOptions('sqliteStore', { keep: KEEP, now: () => 1 })
    const claim = await claimDatabase(database, log, lock, bench.folder, options)
    return await work(claim, database)
  } finally {
    // As a process that dies: nothing is put in order.
    opened.close()
    // Its descriptors are given back with what the collector has found, in a turn of the platform.
    await setImmediate()
  }
}

/** What the next owner finds in an image, who looks first whether there is more in its log than can be read. */
export async function foundIn(driver: SqliteDriver, bench: Bench, image: Image): Promise<Held> {
  bench.lay(image)
  keepUnread(bench.folder, bench.path)
  return claimed(driver, bench, look)
}
