import { closeSync, openSync } from 'node:fs'
import { loadSqliteDriver, type SqliteDriver } from '../../../src/stores/sqlite-driver.js'
import { makeRoom } from '../../../src/stores/sqlite-room.js'
import { createSchema } from '../../../src/stores/sqlite-schema.js'
import { Random } from '../../crash/random.js'
import type { Effort, PartReport } from '../part.js'
import { type Held, NOTHING } from '../stores/held.js'
import { judge } from '../stores/judge.js'
import { after, cutOff } from '../stores/outcomes.js'
import { ask, type Operation, workload } from '../stores/workload.js'
import { Tally } from '../tally.js'
import { Bench, type Image } from './image.js'
import { claimed, foundIn, SQLITE } from './life.js'
import { tornFiles } from './sectors.js'
import type { ToldDatabase } from './statements.js'

/** What was written and is not known to be synced, and what may be there if the power goes now. */
export interface Span {
  readonly file: 'log' | 'database'
  readonly before: Image
  readonly after: Image
  readonly allowed: readonly Held[]
}

/** Pages of log after which it is written back into the database: soon, in half of the lives. */
const SOON = 5

/**
 * A SQLite store loses power between any two syncs, and once it has answered: of what was written to its log since, sectors survive in order, all
 * but one, or any; where the log was written back, likewise of the database, once SQLite has synced the log.
 */
export async function sqlitePowerCuts({ seed, goOn }: Effort): Promise<PartReport> {
  const driver = await loadSqliteDriver('the proof')
  const tally = new Tally('SQLite store: power-loss orders, reopened')
  const bench = new Bench()
  try {
    for (let round = 0; goOn(tally.cases) && tally.sound; round++) {
      const random = new Random(seed + round)
      const spans = await life(driver, bench, workload(random, 2 + random.below(5)), random)
      for (const [index, span] of spans.entries()) {
        for (const image of imagesOf(span, random)) {
          if (!goOn(tally.cases) || !tally.sound) break
          await tally.try(`seed ${seed + round}, ${span.file} at moment ${index}`, async () =>
            judge(await foundIn(driver, bench, image), span.allowed),
          )
        }
      }
    }
  } finally {
    bench.remove()
  }
  return tally.report()
}

function* imagesOf({ file, before, after }: Span, random: Random): Generator<Image> {
  // The log is written back when it is synced, and begins anew when the database is.
  if (file === 'database') {
    for (const database of tornFiles(before.database, after.database, random))
      yield { database, log: after.log }
    return
  }
  const { database } = before
  yield { database, log: before.log }
  for (const log of tornFiles(withHeaderOf(after.log, before.log), after.log, random)) yield { database, log }
}

/** Bytes of a log's header, which SQLite syncs before the first frame behind it (https://sqlite.org/src/info/ff5be73dee). */
const HEADER = 32

export function withHeaderOf(log: Buffer, other: Buffer): Buffer {
  return Buffer.concat([log.subarray(0, HEADER), other.subarray(HEADER)])
}

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
export async function life(
  driver: SqliteDriver,
  bench: Bench,
  operations: readonly Operation[],
  random: Random,
  pageSize?: number,
): Promise<readonly Span[]> {
  bench.clear()
  if (pageSize !== undefined) makeSmall(driver, bench, pageSize)
  const spans: Span[] = []
  const heard: Span[] = []
  let synced: Image | undefined
  let allowed: readonly Held[] = [NOTHING]
  let waiting = false
  const noteCommit = () => {
    const after = bench.image()
    if (synced === undefined) return
    spans.push({ file: 'log', before: synced, after, allowed })
    if (after.database.equals(synced.database)) return
    spans.push({ file: 'database', before: synced, after, allowed })
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
  return [...heard, ...spans]
}
