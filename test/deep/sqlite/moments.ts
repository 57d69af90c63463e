import { closeSync, openSync } from 'node:fs'
import type { SqliteDriver } from '../../../src/stores/sqlite-driver.js'
import { makeRoom } from '../../../src/stores/sqlite-room.js'
import { createSchema } from '../../../src/stores/sqlite-schema.js'
import type { Random } from '../../crash/random.js'
import { type Held, NOTHING } from '../stores/held.js'
import { after, cutOff } from '../stores/outcomes.js'
import { ask, type Operation } from '../stores/workload.js'
import type { Bench, Image } from './image.js'
import { claimed, SQLITE } from './life.js'
import type { ToldDatabase } from './statements.js'

/** What was written and is not known to be synced, and what may be there if the power goes now. */
export interface Moment {
  readonly file: 'log' | 'database'
  readonly before: Image
  readonly after: Image
  readonly allowed: readonly Held[]
}

/** Pages of log after which it is written back into the database: soon, in half of the lives. */
const SOON = 5

/** Room for a frame or two, such as an owner makes for many. */
function makeRoomIn(log: string): void {
  const descriptor = openSync(log, 'r+')
  makeRoom(descriptor, 16_384)
  closeSync(descriptor)
}

/** A database with other pages than those of the store's own, which it goes on with like any. */
function makeSmall(driver: SqliteDriver, bench: Bench, pageSize: number): void {
  const database = new driver.DatabaseSync(bench.path)
  try {
    database.exec(`PRAGMA page_size = ${pageSize}`)
    createSchema(database)
  } finally {
    database.close()
  }
}

/**
 * A life with operations one after another, some of them before those before them were synced.
 * @returns what a power cut may take at each answer, and then at each commit
 */
export async function momentsOf(
  driver: SqliteDriver,
  bench: Bench,
  operations: readonly Operation[],
  random: Random,
  pageSize?: number,
): Promise<readonly Moment[]> {
  bench.clear()
  if (pageSize !== undefined) makeSmall(driver, bench, pageSize)
  const moments: Moment[] = []
  const heard: Moment[] = []
  let synced: Image | undefined
  let allowed: readonly Held[] = [NOTHING]
  let waiting = false
  const noteCommit = () => {
    const after = bench.image()
    if (synced === undefined) return
    moments.push({ file: 'log', before: synced, after, allowed })
    if (after.database.equals(synced.database)) return
    moments.push({ file: 'database', before: synced, after, allowed })
    synced = after
  }
  const log = {
    open: () => {},
    get isShort() {
      return random.below(2) === 0
    },
    reserve: () => {
      if (random.below(3) === 0) makeRoomIn(`${bench.path}-wal`)
    },
    durable: async () => {
      // A commit that others follow at once is synced with them.
      if (!waiting && synced !== undefined) synced = bench.image()
    },
    close: async () => {},
  }
  const prepare = (database: ToldDatabase) => {
    database.committed = noteCommit
  }
  const writeBackAfter = random.below(2) === 0 ? SOON : undefined
  await claimed(
    driver,
    bench,
    async (claim) => {
      let held = NOTHING
      allowed = [held]
      synced = bench.image()
      for (const [index, operation] of operations.entries()) {
        waiting = index < operations.length - 1 && random.below(3) === 0
        allowed = [...allowed, ...cutOff(SQLITE, held, operation, claim.epoch, `n${index}`)]
        await ask(claim, operation, held, `n${index}`)
        held = after(held, operation, claim.epoch, `n${index}`)
        if (waiting) continue
        allowed = [held]
        // Now that its asker has heard, what is not synced may go, and it must be there all the same.
        heard.push({ file: 'log', before: synced, after: bench.image(), allowed })
      }
    },
    { log, writeBackAfter, prepare },
  )
  // Those first, since there is little to try at each.
  return [...heard, ...moments]
}
