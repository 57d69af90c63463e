import { loadSqliteDriver, type SqliteDriver } from '../../../src/stores/sqlite-driver.js'
import { Random } from '../../crash/random.js'
import type { Effort, PartReport } from '../part.js'
import { type Held, NOTHING } from '../stores/held.js'
import { judge } from '../stores/judge.js'
import { after, cutOff } from '../stores/outcomes.js'
import { ask, type Operation, workload } from '../stores/workload.js'
import { Tally } from '../tally.js'
import { failing, faultsAt, fullAt, unsynced, upTo } from './failures.js'
import { Bench, type Image, sameImage } from './image.js'
import { claimed, foundIn, SQLITE } from './life.js'

/** What a process that is killed now leaves, and what may be in it. */
interface Moment {
  readonly image: Image
  readonly allowed: readonly Held[]
}

/** A SQLite store whose owner is killed, or whose database fails, at every statement. */
export async function sqliteCrashPoints({ seed, goOn }: Effort): Promise<PartReport> {
  const driver = await loadSqliteDriver('the proof')
  const tally = new Tally('SQLite store: crash points', 'crash points, all protocols')
  const bench = new Bench()
  try {
    for (let round = 0; goOn(tally.cases) && tally.sound; round++) {
      const random = new Random(seed + round)
      const operations = workload(random, 1 + random.below(3))
      const where = `seed ${seed + round}`
      const { moments, statements } = await killed(driver, bench, operations)
      for (const [index, { image, allowed }] of moments.entries())
        await tally.try(`${where}, killed at moment ${index}`, async () =>
          judge(await foundIn(driver, bench, image), allowed),
        )
      const failures = [...upTo(statements).flatMap(faultsAt), ...operations.map((_, at) => fullAt(at))]
      for (const { what, fault } of failures) {
        if (!goOn(tally.cases) || !tally.sound) break
        await tally.try(`${where}, ${what}`, () => failing(driver, bench, operations, fault))
      }
      for (let at = 0; at < operations.length && tally.sound && goOn(tally.cases); at++) {
        await tally.try(`${where}, the log cannot be synced after operation ${at}`, () =>
          unsynced(driver, bench, operations, at),
        )
      }
    }
  } finally {
    bench.remove()
  }
  return tally.report()
}

/** The moments between statements that differ in what lies on the disk, or in what may be there. */
async function killed(driver: SqliteDriver, bench: Bench, operations: readonly Operation[]) {
  bench.clear()
  const moments: Moment[] = []
  let allowed: readonly Held[] = [NOTHING]
  const note = () => {
    const moment = { image: bench.image(), allowed }
    const last = moments.at(-1)
    if (last?.allowed !== allowed || !sameImage(last.image, moment.image)) moments.push(moment)
  }
  const statements = await claimed(
    driver,
    bench,
    async (claim, database) => {
      let held = NOTHING
      for (const [index, operation] of operations.entries()) {
        allowed = cutOff(SQLITE, held, operation, claim.epoch, `n${index}`)
        note()
        await ask(claim, operation, held, `n${index}`)
        held = after(held, operation, claim.epoch, `n${index}`)
        allowed = [held]
        note()
      }
      return database.count
    },
    {
      prepare: (database) => {
        database.ran = note
      },
    },
  )
  return { moments, statements }
}
