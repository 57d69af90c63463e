import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { sqliteStore } from '../../src/stores/sqlite.js'
import { loadSqliteDriver } from '../../src/stores/sqlite-driver.js'
import { DATABASE_FILE } from '../../src/stores/sqlite-open.js'
import { temporaryFolder } from '../kit/folder.js'

vi.mock('../../src/stores/sqlite-driver.js', async (original) => {
  const { loadSqliteDriver, ...rest } = await original<typeof import('../../src/stores/sqlite-driver.js')>()
  const { DatabaseSync } = await loadSqliteDriver('the tests')
  /** Waits for nobody, where the store would for five seconds. */
  class Impatient extends DatabaseSync {
    override exec(sql: string): void {
      super.exec(sql.replace(/busy_timeout = \d+/, 'busy_timeout = 0'))
    }
  }
  return { ...rest, loadSqliteDriver: async () => ({ DatabaseSync: Impatient }) }
})

it('a claim beside an open transaction of another program is told that the store is in use', async () => {
  const folder = temporaryFolder()
  await (await sqliteStore(folder).claim()).close()
  const { DatabaseSync } = await loadSqliteDriver('the tests')
  const other = new DatabaseSync(join(folder, DATABASE_FILE))
  other.exec('BEGIN EXCLUSIVE')
  await expect(sqliteStore(folder).claim()).rejects.toMatchObject({
    code: 'STORE_LOCKED',
    location: folder,
    holderPid: undefined,
    cause: { message: 'database is locked' },
  })
  other.close()
  const claim = await sqliteStore(folder).claim()
  expect(claim.epoch).toBe(2)
  await claim.close()
})
