import { loadSqliteDriver, type SqliteDriver } from '../../../src/stores/sqlite-driver.js'
import { Random } from '../../crash/random.js'
import type { Effort, PartReport } from '../part.js'
import { type Held, look, NOTHING } from '../stores/held.js'
import { judge } from '../stores/judge.js'
import { after, cutOff } from '../stores/outcomes.js'
import { ask, type Operation, workload } from '../stores/workload.js'
import { Tally } from '../tally.js'
import { Bench, type Image, sameImage } from './image.js'
import { claimed, foundIn, SQLITE } from './life.js'
import { sqliteError } from './statements.js'

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
      for (let statement = 1; statement <= statements && tally.sound && goOn(tally.cases); statement++) {
        for (const code of [10, 13] as const) {
          await tally.try(`${where}, SQLite’s error ${code} at statement ${statement}`, () =>
            failing(driver, bench, operations, statement, code),
          )
        }
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

/** One statement fails, and the owner goes on: nothing of what failed is there, and it goes through the next time. */
async function failing(
  driver: SqliteDriver,
  bench: Bench,
  operations: readonly Operation[],
  statement: number,
  code: 10 | 13,
): Promise<string | undefined> {
  bench.clear()
  let held = NOTHING
  const live = (failAt?: number) =>
    claimed(
      driver,
      bench,
      async (claim, database) => {
        for (const [index, operation] of operations.entries()) {
          const failed = await ask(claim, operation, held, `n${index}`).then(
            () => undefined,
            (error: unknown) => error,
          )
          if (failed !== undefined) {
            database.fault = () => undefined
            const wrong = judge(await look(claim), [held])
            if (wrong !== undefined) return `after ${failed}, ${wrong}`
            await ask(claim, operation, held, `n${index}`)
          }
          held = after(held, operation, claim.epoch, `n${index}`)
        }
        database.fault = () => undefined
        return judge(await look(claim), [held])
      },
      {
        prepare: (database) => {
          database.fault = (count) => (count === failAt ? sqliteError(code) : undefined)
        },
      },
    )
  // A claim that fails has changed nothing, and the next one goes through.
  const wrong = await live(statement).catch(() => live())
  return wrong ?? judge(await foundIn(driver, bench, bench.image()), [held])
}
