import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sqliteStore } from '../../src/stores/sqlite.js'
import { DATABASE_FILE } from '../../src/stores/sqlite-open.js'
import { commitAll, request } from '../../src/testing/contract/store/requests.js'
import { temporaryFolder } from '../kit/folder.js'

/*
 * Faults: somebody deletes, moves or replaces the files of a store under its owner. The kernel keeps what it goes on writing
 * until it ends, so every commit would succeed and none be found. Promise: the first one afterwards says so.
 */

const LOG = `${DATABASE_FILE}-wal`

const faults: Record<string, (folder: string) => void> = {
  'its folder is deleted': (folder) => rmSync(folder, { recursive: true }),
  'its folder is moved': (folder) => renameSync(folder, `${folder}.old`),
  'its database is deleted': (folder) => rmSync(join(folder, DATABASE_FILE)),
  'its log is deleted': (folder) => rmSync(join(folder, LOG)),
  'a copy takes the place of its database'(folder) {
    const path = join(folder, DATABASE_FILE)
    copyFileSync(path, `${path}.copy`)
    renameSync(`${path}.copy`, path)
  },
}

describe.each(['power', 'process'] as const)('the owner of a store of durability %s', (durability) => {
  it.each(Object.keys(faults))('says so with the next commit when %s', async (fault) => {
    const folder = storeFolder()
    const path = join(folder, DATABASE_FILE)
    let nowMs = 1_000_000
    const claim = await sqliteStore(folder, { durability, now: () => nowMs }).claim()
    await commitAll(claim, 'a', [1])
    faults[fault]?.(folder)
    // Whoever commits all the time is told a moment later.
    nowMs += 100
    const gone = {
      code: 'STORE_GONE',
      location: folder,
      path,
      remedy: expect.stringContaining('Stop this process'),
    }
    await expect(claim.commit([request('a', 2)])).rejects.toMatchObject(gone)
    await expect(claim.commit([request('b', 1)])).rejects.toMatchObject(gone)
    await expect(claim.remove('a')).rejects.toMatchObject(gone)
    await expect(claim.load('a')).rejects.toMatchObject(gone)
    await claim.close()
  })
})

it('leaves alone as it closes what another owner has made in its place', async () => {
  const folder = storeFolder()
  const old = await sqliteStore(folder).claim()
  await commitAll(old, 'a', [1])
  rmSync(folder, { recursive: true })
  const young = await sqliteStore(folder).claim()
  await commitAll(young, 'b', [1])
  const files = readdirSync(folder).sort()
  expect(files).toContain(LOG)
  const bytes = statSync(join(folder, LOG)).size
  await old.close()
  expect(readdirSync(folder).sort()).toEqual(files)
  expect(statSync(join(folder, LOG)).size).toBe(bytes)
  await commitAll(young, 'b', [2])
  await young.close()
  const reader = await sqliteStore(folder).read()
  expect((await reader.list()).map(({ key, sequence }) => `${key} ${sequence}`)).toEqual(['b 2'])
  await reader.close()
})

/** One that may be deleted and moved, and whatever lies beside it goes away with the test. */
function storeFolder(): string {
  const folder = join(temporaryFolder(), 'store')
  mkdirSync(folder, { mode: 0o700 })
  return folder
}
