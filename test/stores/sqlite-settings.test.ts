import { expect, it, vi } from 'vitest'
import { sqliteStore } from '../../src/stores/sqlite.js'
import type * as drivers from '../../src/stores/sqlite-driver.js'
import { testFolder } from './fixtures/folders.js'

/*
 * Fault: SQLite remembers `synchronous` for no database, so one claim that forgets it loses the last commits to
 * a power cut.
 */

const executed = vi.hoisted(() => [] as string[])

vi.mock('../../src/stores/sqlite-driver.js', async (original) => {
  const real = await original<typeof drivers>()
  const { DatabaseSync } = await real.loadSqliteDriver('the tests')
  class Recording extends DatabaseSync {
    override exec(sql: string): void {
      executed.push(sql)
      super.exec(sql)
    }
  }
  return { ...real, loadSqliteDriver: async () => ({ DatabaseSync: Recording }) }
})

it.each([
  [undefined, 'FULL', 'power'],
  ['power', 'FULL', 'power'],
  ['process', 'NORMAL', 'process'],
] as const)('asked for %s, every claim sets synchronous=%s', async (asked, synchronous, durability) => {
  const store = sqliteStore(testFolder(), asked === undefined ? {} : { durability: asked })
  expect(store.durability).toBe(durability)
  for (const _ of ['first', 'again']) {
    executed.length = 0
    await (await store.claim()).close()
    expect(executed.filter((sql) => sql.includes('synchronous'))).toEqual([
      `PRAGMA synchronous = ${synchronous}`,
    ])
  }
})
