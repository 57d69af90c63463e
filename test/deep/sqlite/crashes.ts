import { loadSqliteDriver, type SqliteDriver } from '../../../src/stores/sqlite-driver.js'
import { pragma } from '../../../src/stores/sqlite-schema.js'
import { Random } from '../../crash/random.js'
import type { Effort, PartReport } from '../part.js'
import { type Held, look, NOTHING } from '../stores/held.js'
import { judge } from '../stores/judge.js'
import { after, cutOff } from '../stores/outcomes.js'
import { ask, type Operation, workload } from '../stores/workload.js'
import { Tally } from '../tally.js'
import { Bench, type Image, sameImage } from './image.js'
import { claimed, foundIn, SQLITE } from './life.js'
import { sqliteError, type ToldDatabase } from './statements.js'

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

/** What a database meets: `begin` before the first statement, `before` at each operation. */
interface Failure {
  readonly what: string
  readonly fault: {
    begin?(database: ToldDatabase): void
    before?(operation: number, database: ToldDatabase): void
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** A statement fails with what SQLite throws. */
function faultsAt(statement: number): readonly Failure[] {
  return ([10, 13] as const).map((code) => ({
    what: `SQLite’s error ${code} at statement ${statement}`,
    fault: {
      begin: (database) => {
        database.fault = (count) => (count === statement ? sqliteError(code) : undefined)
      },
    },
  }))
}

/** The database may not grow from this operation on: SQLite itself finds that it is full. */
function fullAt(operation: number): Failure {
  return {
    what: `no more pages from operation ${operation} on`,
    fault: {
      before: (at, { inner }) => {
        if (at === operation) inner.exec(`PRAGMA max_page_count = ${Number(pragma(inner, 'page_count'))}`)
      },
    },
  }
}

/** Something fails, and the owner goes on: nothing of what failed is there, and it goes through the next time. */
async function failing(
  driver: SqliteDriver,
  bench: Bench,
  operations: readonly Operation[],
  fault: Failure['fault'],
): Promise<string | undefined> {
  bench.clear()
  let held = NOTHING
  const live = (prepare: (database: ToldDatabase) => void) =>
    claimed(
      driver,
      bench,
      async (claim, database) => {
        for (const [index, operation] of operations.entries()) {
          fault.before?.(index, database)
          const failed = await ask(claim, operation, held, `n${index}`).then(
            () => undefined,
            (error: unknown) => error,
          )
          if (failed !== undefined) {
            database.fault = () => undefined
            database.inner.exec('PRAGMA max_page_count = 100000')
            const wrong = judge(await look(claim), [held])
            if (wrong !== undefined) return `after ${failed}, ${wrong}`
            await ask(claim, operation, held, `n${index}`)
          }
          held = after(held, operation, claim.epoch, `n${index}`)
        }
        database.fault = () => undefined
        return judge(await look(claim), [held])
      },
      { prepare },
    )
  // A claim that fails has changed nothing, and the next one goes through.
  const wrong = await live((database) => fault.begin?.(database)).catch(() => live(() => {}))
  return wrong ?? judge(await foundIn(driver, bench, bench.image()), [held])
}
