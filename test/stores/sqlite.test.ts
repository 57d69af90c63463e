import { chmodSync, cpSync, existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromColumn, toColumn } from '../../src/stores/key-order.js'
import { lockFolder } from '../../src/stores/lock.js'
import { resolveOptions } from '../../src/stores/options.js'
import { sqliteStore } from '../../src/stores/sqlite.js'
import { claimDatabase } from '../../src/stores/sqlite-claim.js'
import { loadSqliteDriver } from '../../src/stores/sqlite-driver.js'
import { processLog } from '../../src/stores/sqlite-log.js'
import { DATABASE_FILE, openForWriting } from '../../src/stores/sqlite-open.js'
import { pragma } from '../../src/stores/sqlite-schema.js'
import { HOSTILE_KEYS } from '../../src/testing/contract/store/keys.js'
import { accepted, commitAll, request } from '../../src/testing/contract/store/requests.js'
import { temporaryFolder } from '../kit/folder.js'
import { describeStoreContract } from './contract.js'
import { modesUnder, underTest } from './fixtures/folders.js'

describeStoreContract('sqlite', ({ keep }) => underTest((folder) => sqliteStore(folder, { keep })))

const driver = await loadSqliteDriver('the tests')

describe('sqliteStore', () => {
  it('opens with a log, which is synced apart from the commits, and large pages, every time', () => {
    const folder = temporaryFolder()
    for (const _ of ['first', 'again']) {
      const database = openForWriting(driver, folder, join(folder, DATABASE_FILE))
      expect(pragma(database, 'synchronous')).toBe(1)
      expect(pragma(database, 'journal_mode')).toBe('wal')
      expect(pragma(database, 'page_size')).toBe(8192)
      expect(pragma(database, 'user_version')).toBe(1)
      database.close()
    }
  })

  it('makes its files for their owner only', async () => {
    const folder = join(temporaryFolder(), 'store')
    const claim = await sqliteStore(folder).claim()
    await commitAll(claim, 'a', [1])
    expect(modesUnder(join(folder, '..'))).toEqual({
      'store/': '700',
      'store/lock.db': '600',
      'store/tardigrade.db': '600',
      'store/tardigrade.db-shm': '600',
      'store/tardigrade.db-wal': '600',
    })
    await claim.close()
    expect(readdirSync(folder).sort()).toEqual(['lock.db', 'tardigrade.db'])
  })

  it('takes from others what they could read, of the database of an owner that was killed and of its log', async () => {
    const [folder, copied] = [temporaryFolder(), join(temporaryFolder(), 'copied')]
    const claim = await sqliteStore(folder).claim()
    await commitAll(claim, 'a', [1])
    cpSync(folder, copied, { recursive: true })
    await claim.close()
    chmodSync(copied, 0o700)
    const files = () => readdirSync(copied).filter((name) => name.startsWith(DATABASE_FILE))
    for (const name of files()) chmodSync(join(copied, name), 0o644)
    const next = await sqliteStore(copied).claim()
    expect((await next.load('a'))?.sequence).toBe(1)
    const modes = files().map((name) => [name, (statSync(join(copied, name)).mode & 0o777).toString(8)])
    expect(Object.fromEntries(modes)).toEqual({
      'tardigrade.db': '600',
      'tardigrade.db-shm': '600',
      'tardigrade.db-wal': '600',
    })
    await next.close()
  })

  it('creates nothing by reading', async () => {
    const folder = join(temporaryFolder(), 'store')
    const reader = await sqliteStore(folder).read()
    expect(await reader.list()).toEqual([])
    expect(existsSync(folder)).toBe(false)

    const claim = await sqliteStore(folder).claim()
    await commitAll(claim, 'a', [1])
    await claim.close()
    expect((await reader.load('a'))?.sequence).toBe(1)
    expect(readdirSync(folder).sort()).toEqual(['lock.db', 'tardigrade.db'])
    await reader.close()
  })

  it('keeps what fits when it is asked to keep more or fewer', async () => {
    const folder = temporaryFolder()
    const sequences = { a: 0, b: 0 }
    const steps: readonly (readonly [keep: number, commits: number, expected: number])[] = [
      [3, 7, 3],
      [5, 0, 3],
      [5, 1, 4],
      [5, 5, 5],
      [2, 0, 2],
      [2, 1, 2],
      [1, 0, 1],
      [100, 3, 4],
    ]
    for (const [keep, commits, expected] of steps) {
      const claim = await sqliteStore(folder, { keep }).claim()
      for (const key of ['a', 'b'] as const) {
        for (let done = 0; done < commits; done++) await commitAll(claim, key, [++sequences[key]])
        const history = await claim.history(key)
        const newest = sequences[key]
        expect(history.map(({ sequence }) => sequence)).toEqual(
          Array.from({ length: expected }, (_, index) => newest - index),
        )
        for (const { sequence, text } of history) expect(text).toBe(`${key} at ${sequence}`)
        expect((await claim.load(key))?.sequence).toBe(newest)
      }
      await claim.close()
    }
  })

  it('says that the disk is full, keeps what was there, and goes on with what fits', async () => {
    const folder = temporaryFolder()
    const lock = lockFolder(driver, folder, () => undefined)
    const database = openForWriting(driver, folder, join(folder, DATABASE_FILE))
    const claim = await claimDatabase(database, processLog, lock, folder, resolveOptions('sqliteStore', {}))
    await commitAll(claim, 'a', [1])
    database.exec(`PRAGMA max_page_count = ${Number(pragma(database, 'page_count')) + 3}`)
    const large = 'x'.repeat(1_000_000)
    for (const _ of ['once', 'twice']) {
      await expect(
        claim.commit([request('new', 1), request('a', 2), request('b', 1, { text: large })]),
      ).rejects.toMatchObject({ code: 'STORE_FULL', remedy: expect.stringContaining('Free space') })
      expect((await claim.list()).map(({ key, sequence }) => [key, sequence])).toEqual([['a', 1]])
    }
    accepted(await claim.commit([request('a', 2), request('new', 1)]))
    await claim.close()
  })

  it('can be read with any SQLite tool', async () => {
    const folder = temporaryFolder()
    const claim = await sqliteStore(folder).claim()
    await commitAll(claim, 'a', [1, 2])
    await claim.close()
    const database = new driver.DatabaseSync(join(folder, DATABASE_FILE), { readOnly: true })
    const rows = database.prepare('SELECT key, phase, text FROM newest').all()
    expect(rows).toEqual([{ key: 'a', phase: 'running', text: 'a at 2' }])
    database.close()
  })
})

describe('the key column', () => {
  const key = fc.oneof(
    fc.constantFrom(...HOSTILE_KEYS),
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom('\u0001', 'a', '\uD7FF', '\uE000', '\uFFFF', '\u{10000}', '\u{10FFFF}'),
    }),
  )

  it('has the order of code units, and gives the key back', () => {
    fc.assert(
      fc.property(key, key, (one, other) => {
        expect(fromColumn(toColumn(one))).toBe(one)
        const stored = Buffer.compare(Buffer.from(toColumn(one)), Buffer.from(toColumn(other)))
        expect(stored).toBe(one === other ? 0 : one < other ? -1 : 1)
      }),
      { numRuns: 2000 },
    )
  })

  it('is the key itself, but for rare characters', () => {
    expect(toColumn('invoice-7/grüße 🐻 日本')).toBe('invoice-7/grüße 🐻 日本')
  })
})
