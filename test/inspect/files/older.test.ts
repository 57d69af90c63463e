import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { olderThan } from '../../../src/inspect/files/older.js'

/** No system has so high a number. */
const GONE = 2147483647

function folderOf(file: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tardigrade-older-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, file), '')
  return folder
}

/** What is said of a store whose owner of epoch 2 is gone since it has claimed it at 100, and that holds the second checkpoint of each service. */
function said(file: string, isClaimed: boolean, ...recorded: (readonly [string, number, number, number])[]) {
  const reader = {
    owner: async () => ({ epoch: 2, pid: GONE, claimedAtMs: 100 }),
    load: async (key: string) => ({ key, sequence: 2 }) as never,
  }
  const commits = recorded.map(([key, epoch, checkpoint, atMs]) => ({ key, epoch, checkpoint, atMs }))
  return olderThan(folderOf(file), reader, commits, isClaimed)
}

test('of plain files nothing is said of a log, and the remedy is to put them back', async () => {
  const whole = await said('owner.json', false, ['hall', 3, 9, 200])
  expect(whole?.message).toMatch(
    /last owner has epoch 2, and commits of epoch 3 were recorded\. It was restored from an older copy\. Where that is not meant, put the newer files back before any process claims/,
  )
  const one = await said('owner.json', true, ['hall', 2, 9, 200])
  expect(one?.message).toMatch(
    /copy, or the files of that service alone were\. This process has claimed it since, .* stop it and put the newer files back\.$/,
  )
  for (const error of [whole, one]) expect(error?.message).not.toMatch(/\blog\b|database/)
})

test('of a database its log is spoken of, and the remedy is a copy of what is left', async () => {
  const error = await said('tardigrade.db', false, ['hall', 2, 9, 200])
  expect(error?.message).toMatch(
    /or the log of its database is damaged.* Copy the folder before any process claims/,
  )
})

test('each service is named of which the last owner has recorded more than is held, three of many', async () => {
  const error = await said(
    'owner.json',
    false,
    ['a', 2, 9, 400],
    ['whole', 2, 2, 300],
    ['b', 2, 3, 300],
    ['c', 2, 4, 200],
    ['d', 2, 5, 100],
    // Of an earlier life, or of an earlier owner: whoever has claimed it since knows what it holds.
    ['early', 2, 9, 99],
    ['earlier', 1, 9, 400],
  )
  expect(error?.services.map(({ key, held, checkpoint }) => [key, held, checkpoint])).toEqual([
    ['a', 2, 9],
    ['b', 2, 3],
    ['c', 2, 4],
    ['d', 2, 5],
  ])
  expect(error?.message).toContain(
    'it holds checkpoint 2 of c, and its last owner recorded checkpoint 4; the same is so of 1 more. It was restored',
  )
  expect(error?.message).not.toContain('of d')
})

/** What is said of a store that was claimed at 300 since what was recorded, by a process that is there, and holds these services, as they were saved. */
function saidSince(held: Readonly<Record<string, readonly [sequence: number, savedAtMs: number]>>) {
  const claimedAtMs = Date.now() - process.uptime() * 1000
  const reader = {
    owner: async () => ({ epoch: 3, pid: process.pid, claimedAtMs }),
    load: async (key: string) => {
      const [sequence, savedAtMs] = held[key] ?? []
      return sequence === undefined ? undefined : ({ key, sequence, savedAtMs } as never)
    },
  }
  const commits = ['hall', 'attic'].map((key) => ({ key, epoch: 2, checkpoint: 9, atMs: 200 }))
  return olderThan(folderOf('tardigrade.db'), reader, commits)
}

test('it is said again after somebody has claimed the store, of each service with which nobody has gone on since', async () => {
  const both = await saidSince({ hall: [2, 100], attic: [4, 150] })
  expect(both?.services.map(({ key, held }) => [key, held])).toEqual([
    ['hall', 2],
    ['attic', 4],
  ])
  expect(both?.message).toMatch(
    /it holds checkpoint 2 of hall, and an earlier owner recorded checkpoint 9.*It was claimed since.*until that is started and goes on, or is removed/,
  )
  // One that is not held was lost where another one was.
  const lost = await saidSince({ hall: [2, 100] })
  expect(lost?.services.map(({ key, held }) => [key, held])).toEqual([
    ['hall', 2],
    ['attic', 0],
  ])
  const one = await saidSince({ hall: [3, 400], attic: [4, 150] })
  expect(one?.services.map(({ key }) => key)).toEqual(['attic'])
})

test('it is said no more where each has gone on, has all, or was removed or begun anew', async () => {
  expect(await saidSince({ hall: [3, 400], attic: [9, 190] })).toBeUndefined()
  expect(await saidSince({ hall: [3, 400] })).toBeUndefined()
  expect(await saidSince({})).toBeUndefined()
})
