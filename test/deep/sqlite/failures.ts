import { TardigradeError } from '../../../src/errors/base.js'
import type { SqliteDriver } from '../../../src/stores/sqlite-driver.js'
import { processLog } from '../../../src/stores/sqlite-log.js'
import { pragma } from '../../../src/stores/sqlite-schema.js'
import { request } from '../../../src/testing/contract/store/requests.js'
import { look, NOTHING } from '../stores/held.js'
import { judge } from '../stores/judge.js'
import { after, cutOff } from '../stores/outcomes.js'
import { ask, type Operation } from '../stores/workload.js'
import type { Bench } from './image.js'
import { claimed, foundIn, SQLITE } from './life.js'
import { sqliteError, type ToldDatabase } from './statements.js'

/** What a database meets: `begin` before the first statement, `before` at each operation. */
export interface Failure {
  readonly what: string
  readonly fault: {
    begin?(database: ToldDatabase): void
    before?(operation: number, database: ToldDatabase): void
  }
}

export const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** A statement fails with what SQLite throws. */
export function faultsAt(statement: number): readonly Failure[] {
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
export function fullAt(operation: number): Failure {
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
export async function failing(
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

/** The disk refuses the log: nobody is told that it is there, nothing more is taken, and the next owner finds all or nothing. */
export async function unsynced(
  driver: SqliteDriver,
  bench: Bench,
  operations: readonly Operation[],
  failAt: number,
): Promise<string | undefined> {
  bench.clear()
  let refuses = false
  const durable = async () => {
    if (refuses) throw Object.assign(new Error('i/o error'), { code: 'EIO' })
  }
  const allowed = await claimed(
    driver,
    bench,
    async (claim) => {
      let held = NOTHING
      for (const [index, operation] of operations.slice(0, failAt).entries()) {
        await ask(claim, operation, held, `n${index}`)
        held = after(held, operation, claim.epoch, `n${index}`)
      }
      refuses = true
      const operation = operations[failAt] ?? { do: 'remove', key: 'a' }
      const told = await codeOf(() => ask(claim, operation, held, `n${failAt}`))
      refuses = false
      const later = await codeOf(() => claim.commit([request('z', 1)]))
      if (told !== 'SYNC_FAILED' || later !== 'SYNC_FAILED') return `it says ${told}, and later ${later}`
      return cutOff(SQLITE, held, operation, claim.epoch, `n${failAt}`)
    },
    { log: { ...processLog, durable } },
  )
  if (typeof allowed === 'string') return allowed
  return judge(await foundIn(driver, bench, bench.image()), allowed)
}

/** The code with which it is refused; undefined where it is not. */
function codeOf(run: () => Promise<unknown>): Promise<unknown> {
  return run().then(
    () => undefined,
    (error: unknown) => (error instanceof TardigradeError ? error.code : error),
  )
}
