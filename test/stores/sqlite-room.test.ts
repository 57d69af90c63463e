import { closeSync, cpSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sqliteStore } from '../../src/stores/sqlite.js'
import { DATABASE_FILE } from '../../src/stores/sqlite-open.js'
import { makeRoom } from '../../src/stores/sqlite-room.js'
import { commitAll, request } from '../../src/testing/contract/store/requests.js'
import { temporaryFolder } from '../kit/folder.js'

/*
 * Faults: room that was made in SQLite's log must hide no commit, be taken for none, and never be the reason why one fails.
 */

const LOG = `${DATABASE_FILE}-wal`
const ROOM = 1 << 20

it('has room in its log for commits to come, and makes more once that is used up', async () => {
  const folder = temporaryFolder()
  const claim = await sqliteStore(folder).claim()
  const sizes = new Set<number>()
  let sequence = 0
  for (let size = 0; size <= 2 * ROOM && sequence < 1000; ) {
    await commitAll(claim, 'a', [++sequence])
    size = statSync(join(folder, LOG)).size
    sizes.add(size)
  }
  const [first, second] = [...sizes]
  const last = [...sizes].at(-1)
  expect(first).toBe(ROOM)
  expect(sizes).toContain(2 * ROOM)
  // Longer by itself for fewer commits than it had room for.
  expect(sizes.size).toBeLessThan(40)
  // Commits that outgrow it make it longer by themselves, for a while.
  expect(second).toBeGreaterThan(ROOM)
  expect(last).toBeLessThan(2 * ROOM + 65_536)
  // What a process that dies now leaves.
  const copy = temporaryFolder()
  for (const file of [DATABASE_FILE, LOG]) cpSync(join(folder, file), join(copy, file))
  await claim.close()
  const next = await sqliteStore(copy).claim()
  expect((await next.load('a'))?.sequence).toBe(sequence)
  await commitAll(next, 'a', [sequence + 1])
  await next.close()
})

it('has none where nothing is synced', async () => {
  const folder = temporaryFolder()
  const claim = await sqliteStore(folder, { durability: 'process' }).claim()
  await claim.commit([request('a', 1)])
  expect(statSync(join(folder, LOG)).size).toBeLessThan(ROOM / 2)
  await claim.close()
})

it.runIf(process.platform === 'linux')('goes without where the disk has none', () => {
  const full = openSync('/dev/full', 'r+')
  expect(makeRoom(full, ROOM)).toBe(ROOM)
  closeSync(full)
})
