import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NewerStoreError, StoreDamagedError } from '../../src/errors/store.js'
import { sqliteStore } from '../../src/stores/sqlite.js'
import { loadSqliteDriver } from '../../src/stores/sqlite-driver.js'
import { DATABASE_FILE } from '../../src/stores/sqlite-open.js'
import { accepted, commitAll, request } from '../../src/testing/contract/store/requests.js'
import { temporaryFolder } from '../kit/folder.js'

/*
 * Faults: the database file is garbage, another program's, a newer version's, or has a page overwritten.
 * Promise: a typed error and an unchanged file, or the right answer; never an empty store.
 */

const driver = await loadSqliteDriver('the tests')
const PAGE = 8192

async function storeWith(sequences: readonly number[]): Promise<string> {
  const folder = temporaryFolder()
  const claim = await sqliteStore(folder).claim()
  await commitAll(claim, 'a', sequences)
  accepted(await claim.commit(Array.from({ length: 300 }, (_, index) => request(`k${index}`, 1))))
  await claim.close()
  return folder
}

function rewrite(folder: string, change: (bytes: Buffer) => Buffer): void {
  const path = join(folder, DATABASE_FILE)
  writeFileSync(path, change(readFileSync(path)))
}

/** Tries both ways in, twice, so that a refused claim is seen to let go of the lock. */
async function expectRefused(folder: string, error: new (...args: never[]) => Error): Promise<void> {
  const before = readFileSync(join(folder, DATABASE_FILE))
  const store = sqliteStore(folder)
  for (const _ of ['once', 'twice']) {
    await expect(store.claim()).rejects.toThrow(error)
    const reader = await store.read()
    await expect(reader.list()).rejects.toThrow(error)
    await reader.close()
  }
  expect(readFileSync(join(folder, DATABASE_FILE)).equals(before)).toBe(true)
}

describe('a damaged SQLite store', () => {
  it('is refused when it is no database', async () => {
    const folder = await storeWith([1])
    rewrite(folder, (bytes) => bytes.fill('x', 0, 100))
    await expectRefused(folder, StoreDamagedError)
  })

  it('is refused when it is cut off inside its first page', async () => {
    const folder = await storeWith([1])
    rewrite(folder, (bytes) => bytes.subarray(0, 5000))
    await expectRefused(folder, StoreDamagedError)
  })

  it.each([0, 1])('is refused when it is cut off to %i bytes, and the log beside it stays', async (bytes) => {
    const folder = await storeWith([1])
    const log = join(folder, `${DATABASE_FILE}-wal`)
    writeFileSync(log, 'what an owner had not written back')
    rewrite(folder, (all) => all.subarray(0, bytes))
    await expectRefused(folder, StoreDamagedError)
    expect(readFileSync(log, 'utf8')).toBe('what an owner had not written back')
    await expect(sqliteStore(folder).claim()).rejects.toThrow(
      /is empty \([01] bytes?\), as a file is that was cut off, and a healthy one has 8,192 bytes or more\. Nothing was changed\./,
    )
  })

  it('is made whole or not at all: what an owner has left that was killed meanwhile is made anew', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, `${DATABASE_FILE}.new`), 'half of it')
    const claim = await sqliteStore(folder).claim()
    await commitAll(claim, 'a', [1])
    await claim.close()
    expect(readdirSync(folder).sort()).toEqual(['lock.db', DATABASE_FILE])
    expect(statSync(join(folder, DATABASE_FILE)).size).toBeGreaterThanOrEqual(PAGE)
  })

  it('is refused where its log alone is there, and nothing is taken from that log once it is moved away', async () => {
    const folder = await storeWith([1])
    const copy = temporaryFolder()
    const log = join(copy, `${DATABASE_FILE}-wal`)
    const claim = await sqliteStore(folder).claim()
    await commitAll(claim, 'late', [1])
    cpSync(join(folder, `${DATABASE_FILE}-wal`), log)
    await claim.close()
    const { size } = statSync(log)
    expect(size).toBeGreaterThan(PAGE)
    const reading = await sqliteStore(copy).read()
    for (const refused of [sqliteStore(copy).claim(), reading.list()]) {
      await expect(refused).rejects.toThrow(StoreDamagedError)
      await expect(refused).rejects.toThrow(
        /is gone, and its log .* is still there\. Nothing was changed\. Put/,
      )
    }
    expect(statSync(log).size).toBe(size)
    renameSync(log, `${log}.old`)
    const anew = await sqliteStore(copy).claim()
    await commitAll(anew, 'b', [1])
    expect((await reading.list()).map(({ key }) => key)).toEqual(['b'])
    await reading.close()
    await anew.close()
  })

  it('is refused when it belongs to another program', async () => {
    const folder = temporaryFolder()
    const database = new driver.DatabaseSync(join(folder, DATABASE_FILE))
    database.exec('CREATE TABLE theirs (a)')
    database.close()
    await expectRefused(folder, StoreDamagedError)
  })

  it('is refused when it is newer', async () => {
    const folder = await storeWith([1])
    const database = new driver.DatabaseSync(join(folder, DATABASE_FILE))
    database.exec('PRAGMA user_version = 2')
    database.close()
    await expectRefused(folder, NewerStoreError)
  })

  it('is refused or read rightly, whichever page is overwritten', async () => {
    const folder = await storeWith([1, 2, 3])
    const pages = statSync(join(folder, DATABASE_FILE)).size / PAGE
    expect(pages).toBeGreaterThan(5)
    let refused = 0
    for (let page = 0; page < pages; page++) {
      const copy = join(temporaryFolder(), 'copy')
      mkdirSync(copy, { mode: 0o700 })
      cpSync(join(folder, DATABASE_FILE), join(copy, DATABASE_FILE))
      rewrite(copy, (bytes) => bytes.fill(0xff, page * PAGE, (page + 1) * PAGE))
      refused += (await readsRightly(copy)) ? 0 : 1
    }
    expect(refused).toBeGreaterThan(3)
  })

  it('is made anew only where its file is gone', async () => {
    const folder = await storeWith([1])
    rmSync(join(folder, DATABASE_FILE))
    const claim = await sqliteStore(folder).claim()
    expect(await claim.list()).toEqual([])
    expect(existsSync(join(folder, DATABASE_FILE))).toBe(true)
    await claim.close()
  })
})

/** True when everything is there; false when a typed error says that it is not. Anything else throws. */
async function readsRightly(folder: string): Promise<boolean> {
  try {
    const claim = await sqliteStore(folder).claim()
    try {
      expect((await claim.history('a')).map(({ text }) => text)).toEqual(['a at 3', 'a at 2', 'a at 1'])
      for (let index = 0; index < 300; index++) expect((await claim.load(`k${index}`))?.sequence).toBe(1)
      expect(await claim.list()).toHaveLength(301)
      expect(await claim.quarantined()).toEqual([])
    } finally {
      await claim.close()
    }
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(StoreDamagedError)
    return false
  }
}
