import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { InvalidOptionError } from '../../src/errors/options.js'
import { StoreNotWritableError } from '../../src/errors/store.js'
import { fileStore } from '../../src/stores/file.js'
import { sqliteStore } from '../../src/stores/sqlite.js'
import { commitAll } from '../../src/testing/contract/store/requests.js'
import { temporaryFolder } from '../kit/folder.js'
import { ADAPTERS, KINDS } from './fixtures/adapters.js'
import { bytesUnder } from './fixtures/folders.js'
import { startProcess } from './fixtures/process.js'

const NOBODY = 65534
const isRoot = process.getuid?.() === 0

/*
 * Faults: the folder is somebody else's, others can write to it, it is no folder, it or its files are read-only.
 * Promise: a typed error with a remedy, and nothing made or changed.
 */
describe.each(KINDS)('the folder of a %s store', (kind) => {
  const open = ADAPTERS[kind]

  async function expectRefused(folder: string, reason: RegExp): Promise<void> {
    const claiming = open(folder).claim()
    await expect(claiming).rejects.toThrow(StoreNotWritableError)
    await expect(claiming).rejects.toThrow(reason)
    await expect(claiming).rejects.toMatchObject({ remedy: expect.stringContaining('folder of its own') })
  }

  it.each([0o770, 0o707, 0o777])('is refused when others can write to it (%o)', async (mode) => {
    const folder = temporaryFolder()
    chmodSync(folder, mode)
    await expectRefused(folder, /other users can write/)
    expect(readdirSync(folder)).toEqual([])
  })

  it('is refused when it belongs to another user', async () => {
    // Only root can give a folder away; for all others, root's own is another user's.
    const folder = isRoot ? temporaryFolder() : '/'
    if (isRoot) chownSync(folder, NOBODY, NOBODY)
    await expectRefused(folder, /the folder belongs to user/)
    expect(existsSync(join(folder, 'lock.db'))).toBe(false)
  })

  it('is refused when it is a file, or would be in one', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, 'not a folder')
    await expectRefused(file, /no folder/)
    await expectRefused(join(file, 'store'), /ENOTDIR/)
  })

  it.runIf(existsSync('/proc/self'))('is refused where no folder can be made', async () => {
    await expectRefused('/proc/tardigrade/store', /no folder can be made in \/proc\b/)
  })

  it('may be a link, if its owner or root made it', async () => {
    const target = temporaryFolder()
    const link = join(temporaryFolder(), 'link')
    symlinkSync(target, link)
    const claim = await open(link).claim()
    await commitAll(claim, 'a', [1])
    await claim.close()
    expect(existsSync(join(target, 'lock.db'))).toBe(true)
    if (!isRoot) return
    lchownSync(link, NOBODY, NOBODY)
    await expectRefused(link, /the link to it belongs to user 65534/)
  })

  it.each(['lock.db', 'tardigrade.db'])('is refused when its %s is a link', async (name) => {
    const folder = temporaryFolder()
    const elsewhere = join(temporaryFolder(), 'elsewhere')
    symlinkSync(elsewhere, join(folder, name))
    if (kind === 'file' && name === 'tardigrade.db') return
    await expectRefused(folder, /no plain file/)
    expect(existsSync(elsewhere)).toBe(false)
  })

  it('is refused when it is read-only', async () => {
    const folder = await givenAway(0o500, async () => {})
    const child = startProcess(kind, folder, { user: 'nobody' })
    expect(await child.ask('claim')).toMatchObject({ error: { code: 'STORE_NOT_WRITABLE' } })
    expect(readdirSync(folder)).toEqual([])
  })

  it('is refused when its lock is read-only, rather than opened without a lock', async () => {
    const folder = await givenAway(0o700, async (made) => {
      await (await open(made).claim()).close()
      chmodSync(join(made, 'lock.db'), 0o400)
    })
    const child = startProcess(kind, folder, { user: 'nobody' })
    const before = bytesUnder(folder)
    expect(await child.ask('claim')).toMatchObject({ error: { code: 'STORE_NOT_WRITABLE' } })
    expect(bytesUnder(folder)).toEqual(before)
  })

  /** A folder as another user has it, for the child that becomes this user; root's own rights have no limits. */
  async function givenAway(mode: number, fill: (folder: string) => Promise<void>): Promise<string> {
    const parent = temporaryFolder()
    const folder = join(parent, 'store')
    mkdirSync(folder, { mode: 0o700 })
    await fill(folder)
    chmodSync(folder, mode)
    if (isRoot) {
      for (const path of [parent, folder, ...readdirSync(folder).map((name) => join(folder, name))]) {
        chownSync(path, NOBODY, NOBODY)
      }
    }
    return folder
  }
})

describe('a SQLite store whose database is read-only', () => {
  it('is refused', async () => {
    const folder = temporaryFolder()
    await (await ADAPTERS.sqlite(folder).claim()).close()
    const copy = join(temporaryFolder(), 'copy')
    cpSync(folder, copy, { recursive: true })
    chmodSync(join(copy, 'tardigrade.db'), 0o400)
    if (isRoot) {
      for (const path of [join(copy, '..'), copy, join(copy, 'lock.db'), join(copy, 'tardigrade.db')]) {
        chownSync(path, NOBODY, NOBODY)
      }
    }
    const child = startProcess('sqlite', copy, { user: 'nobody' })
    expect(await child.ask('claim')).toMatchObject({ error: { code: 'STORE_NOT_WRITABLE' } })
  })
})

it.each(['', 'a\0b', 5])('%j is no path of a folder', (folder) => {
  for (const storeOf of [sqliteStore, fileStore])
    expect(() => storeOf(folder as string)).toThrow(InvalidOptionError)
})
