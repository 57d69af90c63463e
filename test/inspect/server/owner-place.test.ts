import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StoreGoneError } from '../../../src/errors/store-doubt.js'
import { OwnerPlace } from '../../../src/inspect/server/owner-place.js'
import { temporaryFolder } from '../../cli/kit.js'

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
