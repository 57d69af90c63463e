import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSupervisor, StoreDamagedError, StoreLogDamagedError, type TardigradeError } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { sqliteStore } from '../../src/stores/sqlite.js'
import { DATABASE_FILE } from '../../src/stores/sqlite-open.js'
import { commitAll } from '../../src/testing/contract/store/requests.js'
import { temporaryFolder } from '../kit/folder.js'

/*
 * Fault: bytes of the log of an owner that was killed are overwritten; SQLite reads up to there, silently.
 * Promise: whoever claims the store hears of it, and what SQLite does not see is kept.
 */

const LOG = `${DATABASE_FILE}-wal`

/** What kill -9 leaves of an owner that has written these sequences. */
async function killed(sequences: readonly number[]): Promise<string> {
  const [folder, left] = [temporaryFolder(), temporaryFolder()]
  const claim = await sqliteStore(folder).claim()
  await commitAll(claim, 'a', sequences)
  for (const file of [DATABASE_FILE, LOG]) cpSync(join(folder, file), join(left, file))
  await claim.close()
  return left
}

function damage(folder: string, at: number): Buffer {
  const log = readFileSync(join(folder, LOG))
  log.fill(0xa5, at, at + 3)
  writeFileSync(join(folder, LOG), log)
  return log
}

const keptIn = (folder: string) => readdirSync(folder).filter((name) => name.startsWith(`${LOG}.unread-`))

test.each([
  ['its header', 10],
  ['its first frame', 100],
  ['the middle', 40_000],
])(
  'a log that is damaged in %s is kept before it is written over, and its owner hears of it',
  async (_, at) => {
    const folder = await killed([1, 2, 3, 4, 5, 6, 7, 8, 9])
    const log = damage(folder, at)
    const claim = await sqliteStore(folder).claim()
    expect(claim.warning).toBeInstanceOf(StoreLogDamagedError)
    const { kept, log: told, message } = claim.warning as StoreLogDamagedError
    expect(kept).toBe(join(folder, `${LOG}.unread-1`))
    expect(message).toContain(kept)
    expect(told.commits).toBeGreaterThan(0)
    expect(readFileSync(kept).equals(log)).toBe(true)
    await claim.close()
    // What is whole again is not told again, and the copy stays for as long as nobody deletes it.
    const next = await sqliteStore(folder).claim()
    expect(next.warning).toBeUndefined()
    await next.close()
    expect(keptIn(folder)).toHaveLength(1)
  },
)

test('a second damaged log is kept beside the first', async () => {
  const folder = await killed([1, 2, 3, 4, 5, 6])
  writeFileSync(join(folder, `${LOG}.unread-9`), 'of an earlier time')
  damage(folder, 100)
  await (await sqliteStore(folder).claim()).close()
  expect(keptIn(folder).sort()).toEqual([`${LOG}.unread-10`, `${LOG}.unread-9`])
})

test('a claim that is refused keeps the same log once, however often it is tried', async () => {
  const folder = await killed([1, 2, 3, 4, 5, 6])
  damage(folder, 100)
  // No database any more: whoever opens it is refused.
  writeFileSync(join(folder, DATABASE_FILE), 'x'.repeat(9000))
  for (const _ of ['once', 'twice'])
    await expect(sqliteStore(folder).claim()).rejects.toThrow(StoreDamagedError)
  expect(keptIn(folder)).toEqual([`${LOG}.unread-1`])
})

test('a log that is whole is not kept, nor is there one after an end in good order', async () => {
  const folder = await killed([1, 2, 3])
  for (const _ of ['after a kill', 'after a close']) {
    const claim = await sqliteStore(folder).claim()
    expect(claim.warning).toBeUndefined()
    expect((await claim.load('a'))?.sequence).toBe(3)
    await claim.close()
  }
  expect(keptIn(folder)).toEqual([])
  expect(existsSync(join(folder, LOG))).toBe(false)
})

test('a supervisor tells onWarning what its claim warns of', async () => {
  const folder = await killed([1, 2, 3, 4, 5, 6])
  damage(folder, 100)
  const warnings: TardigradeError[] = []
  const onWarning = (warning: TardigradeError) => void warnings.push(warning)
  await (await createSupervisor({ store: sqliteStore(folder), onWarning })).close()
  expect(warnings.map(({ code }) => code)).toEqual(['STORE_LOG_DAMAGED'])
  await (await createSupervisor({ store: memoryStore(), onWarning })).close()
  expect(warnings).toHaveLength(1)
})
