import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { loadSqliteDriver } from '../../src/stores/sqlite-driver.js'
import { unreadFramesIn } from '../../src/stores/sqlite-frames.js'
import { temporaryFolder } from '../kit/folder.js'

/*
 * Faults: bytes overwritten in the middle of a log, in its header, and at its end. What lies in a log for other reasons must never
 * be taken for a loss: zeros, frames of an earlier round, and what a transaction has left that was rolled back.
 */

const PAGE = 4096
const FRAME = 24 + PAGE

/** A database in WAL mode with so many commits in its log, and what its log holds. */
async function logged(commits: number) {
  const path = join(temporaryFolder(), 'some.db')
  const { DatabaseSync } = await loadSqliteDriver('a test')
  const database = new DatabaseSync(path)
  onTestFinished(() => database.close())
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE one (id INTEGER, text TEXT)',
  )
  for (let id = 0; id < commits; id++) database.exec(`INSERT INTO one VALUES (${id}, 'x')`)
  return { path, database, log: () => new Uint8Array(readFileSync(`${path}-wal`)) }
}

function overwritten(log: Uint8Array, at: number, length = 64): Uint8Array {
  const damaged = log.slice()
  damaged.fill(0xa5, at, at + length)
  return damaged
}

/** Rows that SQLite finds with this log beside the database. */
async function rowsWith({ path }: { readonly path: string }, log: Uint8Array): Promise<unknown> {
  const copy = join(temporaryFolder(), 'copy.db')
  writeFileSync(copy, readFileSync(path))
  writeFileSync(`${copy}-wal`, log)
  const { DatabaseSync } = await loadSqliteDriver('a test')
  const database = new DatabaseSync(copy)
  try {
    return database.prepare('SELECT count(*) AS rows FROM one').get()
  } finally {
    database.close()
  }
}

it('finds commits that SQLite sees no more behind a frame that was overwritten', async () => {
  const made = await logged(5)
  const log = made.log()
  const frames = (log.length - 32) / FRAME
  expect(unreadFramesIn(log)).toBeUndefined()
  // The third of the rows, by its frame: each takes one.
  const bad = frames - 3
  const damaged = overwritten(log, 32 + bad * FRAME + 500)
  expect(unreadFramesIn(damaged)).toEqual({ read: bad, unread: 3, commits: 2 })
  expect(await rowsWith(made, damaged)).toEqual({ rows: 2 })
  // Of one whose header is gone, the frame that follows fits nothing either.
  expect(unreadFramesIn(overwritten(log, 32 + bad * FRAME, 24))).toEqual({ read: bad, unread: 2, commits: 1 })
})

it('takes no room, no torn end and no half frame for a loss', async () => {
  const log = (await logged(3)).log()
  const longer = new Uint8Array(log.length + 1_000_000)
  longer.set(log)
  expect(unreadFramesIn(longer)).toBeUndefined()
  expect(unreadFramesIn(overwritten(log, log.length - 100))).toBeUndefined()
  expect(unreadFramesIn(log.slice(0, log.length - 100))).toBeUndefined()
  for (const length of [0, 10, 32, 40]) expect(unreadFramesIn(log.slice(0, length))).toBeUndefined()
  expect(unreadFramesIn(new Uint8Array(100_000))).toBeUndefined()
  // With room behind it, what is lost is found as ever.
  expect(unreadFramesIn(overwritten(longer, 32 + FRAME + 500))?.commits).toBeGreaterThan(0)
})

it('takes no frames of an earlier round for a loss, and none of a transaction that was rolled back', async () => {
  const { database, log } = await logged(20)
  const before = log().length
  database.exec('PRAGMA wal_checkpoint(RESTART)')
  database.exec("INSERT INTO one VALUES (100, 'again')")
  expect(log().length).toBe(before)
  expect(unreadFramesIn(log())).toBeUndefined()
  database.exec('PRAGMA cache_size = 2')
  database.exec('BEGIN')
  for (let id = 0; id < 3000; id++) database.exec(`INSERT INTO one VALUES (${id}, '${'y'.repeat(100)}')`)
  database.exec('ROLLBACK')
  expect(log().length).toBeGreaterThan(before)
  database.exec("INSERT INTO one VALUES (101, 'after')")
  expect(unreadFramesIn(log())).toBeUndefined()
})

it('finds the commits of a log whose header is damaged, which SQLite does not read at all', async () => {
  const made = await logged(4)
  const log = made.log()
  const frames = (log.length - 32) / FRAME
  const found = unreadFramesIn(overwritten(log, 0, 32))
  expect(found).toMatchObject({ read: 0, unread: frames })
  expect(found?.commits).toBeGreaterThanOrEqual(4)
})
