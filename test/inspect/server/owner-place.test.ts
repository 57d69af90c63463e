import { cpSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSupervisor } from 'tardigrade'
import { fileStore } from 'tardigrade/stores/file'
import { expect, test } from 'vitest'
import { StoreGoneError } from '../../../src/errors/store-doubt.js'
import { claimNoteIn, noteClaim } from '../../../src/inspect/files/claim-note.js'
import { OwnerPlace } from '../../../src/inspect/server/owner-place.js'
import { temporaryFolder } from '../../kit/folder.js'

// It is there as long as the test.
const claim = (epoch: number, pid = process.ppid) => ({ epoch, pid, claimedAtMs: Date.now() })

test.each(['tardigrade.db', 'owner.json'])(
  'a store is gone when %s is another file, or none, under its living owner',
  (name) => {
    const folder = temporaryFolder()
    const file = join(folder, name)
    writeFileSync(file, 'one')
    writeFileSync(`${file}.new`, 'another')
    const place = new OwnerPlace(folder)
    place.check(undefined)
    const first = claim(1)
    place.check(first)
    writeFileSync(file, 'written to')
    place.check(first)
    renameSync(`${file}.new`, file)
    expect(() => place.check(first)).toThrow(StoreGoneError)
    // A newer claim makes files of its own.
    place.check(claim(2))
    rmSync(file)
    expect(() => place.check(undefined)).toThrow(
      `is not there any more: ${folder} was deleted, moved or replaced, and process ${process.ppid}, which has claimed it last, still exists.`,
    )
  },
)

test('it is not of one whose owner is gone, or is this process, which hears of it by itself', () => {
  for (const pid of [2147483647, process.pid]) {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'owner.json'), '{}')
    const place = new OwnerPlace(folder)
    place.check(claim(1, pid))
    rmSync(join(folder, 'owner.json'))
    place.check(undefined)
  }
})

test.each(['tardigrade.db', 'owner.json'])(
  'what replaced %s before anybody looked is told by the note of its owner, and a copy of the folder elsewhere is none',
  (name) => {
    const folder = temporaryFolder()
    const file = join(folder, name)
    const put = (content: string) => {
      writeFileSync(`${file}.new`, content)
      renameSync(`${file}.new`, file)
    }
    put('one')
    const owner = claim(2)
    noteClaim(folder, owner)
    new OwnerPlace(folder).check(owner)
    const copy = temporaryFolder()
    cpSync(folder, copy, { recursive: true })
    new OwnerPlace(copy).check(owner)
    // As SQLite does while one reads, the old file is kept from giving its number to the new one.
    renameSync(file, join(folder, 'kept'))
    put('another')
    expect(() => new OwnerPlace(folder).check(owner)).toThrow(StoreGoneError)
    // An older copy: that of an earlier owner, which is gone.
    expect(() => new OwnerPlace(folder).check({ epoch: 1, pid: 2147483647, claimedAtMs: 5 })).toThrow(
      `process ${process.ppid}, which has claimed it last, still exists`,
    )
    // Who has claimed it since records nothing, and has it; in what was restored epochs come again.
    new OwnerPlace(folder).check({ ...claim(1), claimedAtMs: Date.now() + 1000 })
    rmSync(file)
    expect(() => new OwnerPlace(folder).check(undefined)).toThrow(StoreGoneError)
    expect(readdirSync(join(folder, 'inspect'))).toEqual(['claim.json'])
  },
)

test('an owner that records leaves its note as long as it has the store, and that of a newer one alone', async () => {
  const folder = temporaryFolder()
  const supervise = () => createSupervisor({ store: fileStore(folder), inspect: { port: false } })
  const note = () => claimNoteIn(folder)?.epoch
  const first = await supervise()
  expect(note()).toBe(1)
  await first.close()
  expect(note()).toBeUndefined()
  const second = await supervise()
  noteClaim(folder, claim(3))
  await second.close()
  expect(note()).toBe(3)
})

test('the note of an owner that is gone says nothing', () => {
  const folder = temporaryFolder()
  const owner = claim(1, 2147483647)
  noteClaim(folder, owner)
  writeFileSync(join(folder, 'owner.json'), 'another')
  new OwnerPlace(folder).check(owner)
})
