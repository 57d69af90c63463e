import { constants } from 'node:buffer'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { StoreClaim } from '../../src/ports/store.js'
import { fileStore } from '../../src/stores/file.js'
import { nameOf } from '../../src/stores/file-name.js'
import { HOSTILE_KEYS } from '../../src/testing/contract/store/keys.js'
import { accepted, commitAll, request } from '../../src/testing/contract/store/requests.js'
import { temporaryFolder } from '../kit/folder.js'
import { describeStoreContract } from './contract.js'
import { modesUnder, underTest } from './fixtures/folders.js'
import { startProcess } from './fixtures/process.js'

describeStoreContract('file', ({ keep }) => underTest((folder) => fileStore(folder, { keep })))

const a = nameOf('a')

async function claimed(folder: string, keep = 3): Promise<StoreClaim> {
  const claim = await fileStore(folder, { keep }).claim()
  onTestFinished(() => claim.close())
  return claim
}

describe('fileStore', () => {
  it('keeps a checkpoint as a line of JSON and its text', async () => {
    const folder = temporaryFolder()
    const claim = await claimed(folder)
    accepted(await claim.commit([request('a', 1, { text: 'line one\nline two' })]))
    const [header, ...text] = readFileSync(join(folder, 'checkpoints', a, '1-1.txt'), 'utf8').split('\n')
    expect(text).toEqual(['line one', 'line two'])
    expect(JSON.parse(header ?? '')).toEqual({
      tardigrade: 1,
      key: 'a',
      service: 'transfer',
      version: 1,
      sequence: 1,
      epoch: 1,
      savedAtMs: 1_700_000_000_001,
      phase: 'running',
      size: 17,
    })
  })

  it('keeps as many as its last owner was told to, where the next one says nothing', async () => {
    const folder = temporaryFolder()
    const lengths: number[] = []
    let sequence = 0
    for (const options of [{}, { keep: 5 }, {}, { keep: 2 }, {}]) {
      const claim = await fileStore(folder, options).claim()
      for (let done = 0; done < 6; done++) await commitAll(claim, 'a', [++sequence])
      lengths.push((await claim.history('a')).length)
      await claim.close()
    }
    expect(lengths).toEqual([3, 5, 5, 2, 2])
  })

  it('notes how many it keeps where that was asked for', async () => {
    const folder = temporaryFolder()
    const noted: unknown[] = []
    for (const options of [{}, { keep: 5 }, {}, { keep: 3 }]) {
      await (await fileStore(folder, options).claim()).close()
      noted.push(JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')).keep)
    }
    expect(noted).toEqual([undefined, 5, 5, 3])
  })

  it('makes its files for their owner only, and no others', async () => {
    const folder = join(temporaryFolder(), 'store')
    const claim = await claimed(folder, 2)
    await commitAll(claim, 'a', [1, 2, 3])
    await claim.quarantine('a', 3, 'bad')
    const modes = modesUnder(join(folder, '..'))
    const files = Object.keys(modes).filter((path) => !path.endsWith('/'))
    expect(files.map((path) => path.replace(/\/[0-9a-f]{8}-/, '/RANDOM-')).sort()).toEqual([
      `store/checkpoints/${a}/2-1.txt`,
      'store/lock.db',
      'store/owner.json',
      `store/quarantine/${a}/RANDOM-3-1.txt`,
    ])
    for (const [path, mode] of Object.entries(modes)) expect(mode).toBe(path.endsWith('/') ? '700' : '600')
  })

  it('gives every key a name of its own that every disk takes', () => {
    const names = HOSTILE_KEYS.map(nameOf)
    expect(new Set(names).size).toBe(HOSTILE_KEYS.length)
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]{33,73}$/)
  })

  it('empties what was under way when its last owner died', async () => {
    const folder = temporaryFolder()
    await (await claimed(folder)).close()
    writeFileSync(join(folder, 'tmp', 'half'), 'half a checkp')
    await claimed(folder)
    expect(readdirSync(join(folder, 'tmp'), { recursive: true })).toEqual([
      expect.stringMatching(/^[0-9a-f]{24}$/),
    ])
  })

  it('hands a file with a damaged header over, so that it can be set aside', async () => {
    const folder = temporaryFolder()
    const claim = await claimed(folder)
    await commitAll(claim, 'a', [1, 2])
    const path = join(folder, 'checkpoints', a, '2-1.txt')
    writeFileSync(path, '{"tardigrade":1,"key":"a\0\0\0\0')
    expect(await claim.load('a')).toMatchObject({ sequence: 2, epoch: 1, phase: 'failed', service: '' })
    expect(await claim.list()).toMatchObject([{ key: 'a', sequence: 2, phase: 'failed' }])
    await claim.quarantine('a', 2, 'damaged')
    expect((await claim.load('a'))?.text).toBe('a at 1')
    expect(await claim.quarantined()).toMatchObject([
      { key: 'a', sequence: 2, text: expect.stringMatching(/^\{"t/) },
    ])
  })

  it('takes a folder in the place of a file, and one line without end, for damage of that key alone', async () => {
    const folder = temporaryFolder()
    const claim = await claimed(folder)
    for (const key of ['a', 'b']) await commitAll(claim, key, [1])
    mkdirSync(join(folder, 'checkpoints', a, '2-1.txt'))
    const damaged = { key: 'a', sequence: 2, phase: 'failed', service: '' }
    for (const _ of ['a folder', 'one line']) {
      expect(await claim.load('a')).toMatchObject(damaged)
      expect(await claim.list()).toMatchObject([damaged, { key: 'b', sequence: 1 }])
      rmSync(join(folder, 'checkpoints', a, '2-1.txt'), { recursive: true })
      writeFileSync(join(folder, 'checkpoints', a, '2-1.txt'), Buffer.alloc(2_000_000))
    }
  })

  it('sets a folder in the place of a file aside as it is', async () => {
    const folder = temporaryFolder()
    const claim = await claimed(folder)
    await commitAll(claim, 'a', [1])
    const place = join(folder, 'checkpoints', a, '2-1.txt')
    mkdirSync(place)
    writeFileSync(join(place, 'note'), 'of somebody')
    await claim.quarantine('a', 2, 'damaged')
    expect((await claim.load('a'))?.text).toBe('a at 1')
    expect(await claim.quarantined()).toMatchObject([{ key: 'a', sequence: 2, text: '' }])
    const aside = join(folder, 'quarantine', a)
    const kept = readdirSync(aside).find((name) => name.endsWith('.as-it-is')) ?? ''
    expect(readFileSync(join(aside, kept, 'note'), 'utf8')).toBe('of somebody')
  })

  it('takes a file that no string can hold for damage of that key alone, and sets it aside as it is', async () => {
    const folder = temporaryFolder()
    const claim = await claimed(folder)
    await commitAll(claim, 'a', [1])
    const place = join(folder, 'checkpoints', a, '2-1.txt')
    writeFileSync(place, '')
    truncateSync(place, constants.MAX_STRING_LENGTH + 1)
    const damaged = { key: 'a', sequence: 2, phase: 'failed', service: '' }
    expect(await claim.load('a')).toMatchObject(damaged)
    expect(await claim.list()).toMatchObject([damaged])
    await claim.quarantine('a', 2, 'damaged')
    expect((await claim.load('a'))?.text).toBe('a at 1')
    const aside = join(folder, 'quarantine', a)
    const kept = readdirSync(aside).find((name) => name.endsWith('.as-it-is')) ?? ''
    expect(statSync(join(aside, kept)).size).toBe(constants.MAX_STRING_LENGTH + 1)
  })

  it('takes a file of 1 GiB for damage without reading it', async () => {
    const folder = temporaryFolder()
    const first = await fileStore(folder).claim()
    await commitAll(first, 'a', [1])
    await first.close()
    const place = join(folder, 'checkpoints', a, '2-1.txt')
    writeFileSync(place, '')
    truncateSync(place, 2 ** 30)
    const other = startProcess('file', folder)
    await other.ask('claim')
    const { maxRssKb: before = 0 } = await other.ask('memory')
    expect(await other.ask('load a')).toMatchObject({ sequence: 2, phase: 'failed', length: 0 })
    const { maxRssKb: after = 0 } = await other.ask('memory')
    expect(before).toBeGreaterThan(0)
    expect(after - before).toBeLessThan(64 * 1024)
  })

  it('takes no file for another key’s, nor for another sequence’s', async () => {
    const folder = temporaryFolder()
    const claim = await claimed(folder)
    for (const key of ['a', 'b', 'c']) await commitAll(claim, key, [1])
    const path = (key: string, file: string) => join(folder, 'checkpoints', nameOf(key), file)
    renameSync(path('b', '1-1.txt'), path('a', '1-1.txt'))
    expect(await claim.load('a')).toMatchObject({ key: 'a', sequence: 1, phase: 'failed', service: '' })
    renameSync(path('c', '1-1.txt'), path('c', '9-1.txt'))
    expect(await claim.load('c')).toMatchObject({ key: 'c', sequence: 9, phase: 'failed', service: '' })
  })

  it('says which file is damaged when nothing tells whose it is', async () => {
    const folder = temporaryFolder()
    const claim = await claimed(folder)
    await commitAll(claim, 'a', [1])
    writeFileSync(join(folder, 'checkpoints', a, '1-1.txt'), '')
    await expect(claim.list()).rejects.toMatchObject({
      code: 'STORE_DAMAGED',
      message: expect.stringContaining('1-1.txt'),
    })
    expect(await claim.load('a')).toMatchObject({ key: 'a', text: '' })
  })

  it('ranks what an owner wrote after it was fenced off below its successor', async () => {
    const folder = temporaryFolder()
    const first = await claimed(folder)
    await commitAll(first, 'a', [1])
    await first.close()
    const second = await claimed(folder)
    await commitAll(second, 'a', [2])
    const late = readFileSync(join(folder, 'checkpoints', a, '1-1.txt'), 'utf8').replace('at 1', 'late')
    for (const name of ['2-1.txt', '3-1.txt']) writeFileSync(join(folder, 'checkpoints', a, name), late)
    expect((await second.history('a')).map(({ text }) => text)).toEqual(['a at 2', 'a at 1'])
    await commitAll(second, 'a', [3])
    expect(readdirSync(join(folder, 'checkpoints', a)).sort()).toEqual(['1-1.txt', '2-2.txt', '3-2.txt'])
  })

  it.each([
    ['damaged', '{"epoch":', 'STORE_DAMAGED'],
    ['newer', '{"format":2,"epoch":1,"pid":1,"claimedAtMs":1}', 'NEWER_STORE'],
  ])('is refused when its owner’s record is %s', async (_, record, code) => {
    const folder = temporaryFolder()
    await (await claimed(folder)).close()
    writeFileSync(join(folder, 'owner.json'), record)
    for (const _again of ['once', 'twice'])
      await expect(fileStore(folder).claim()).rejects.toMatchObject({ code })
    await expect((await fileStore(folder).read()).owner()).rejects.toMatchObject({ code })
    expect(readFileSync(join(folder, 'owner.json'), 'utf8')).toBe(record)
  })

  it('is refused when its owner’s record is gone', async () => {
    const folder = temporaryFolder()
    const claim = await claimed(folder)
    await commitAll(claim, 'a', [1])
    await claim.close()
    renameSync(join(folder, 'owner.json'), join(folder, 'elsewhere'))
    await expect(fileStore(folder).claim()).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
  })

  it.each(['folder', 'owner’s record'])(
    'tells its owner that the %s was deleted, and makes none anew',
    async (what) => {
      const folder = join(temporaryFolder(), 'store')
      const claim = await claimed(folder)
      await commitAll(claim, 'a', [1])
      const record = join(folder, 'owner.json')
      rmSync(what === 'folder' ? folder : record, { recursive: true })
      const gone = { code: 'STORE_GONE', location: folder, path: record }
      await expect(claim.commit([request('a', 2)])).rejects.toMatchObject(gone)
      await expect(claim.remove('a')).rejects.toMatchObject(gone)
      // What lies there now, nobody takes for an empty store.
      await expect(claim.list()).rejects.toMatchObject(gone)
      await expect(claim.load('a')).rejects.toMatchObject(gone)
      await claim.close()
      expect(existsSync(record)).toBe(false)
    },
  )

  it.each([
    ['before it was claimed', true],
    ['while it was', false],
  ])('tells its owner that a copy that was made %s has taken its place', async (_, isEarlier) => {
    const folder = join(temporaryFolder(), 'store')
    const copy = `${folder}.copy`
    await (await claimed(folder)).close()
    if (isEarlier) cpSync(folder, copy, { recursive: true })
    const claim = await claimed(folder)
    await commitAll(claim, 'a', [1])
    if (!isEarlier) cpSync(folder, copy, { recursive: true })
    renameSync(folder, `${folder}.moved`)
    renameSync(copy, folder)
    const gone = { code: 'STORE_GONE', path: join(folder, 'owner.json') }
    await expect(claim.commit([request('a', 2)])).rejects.toMatchObject(gone)
    await expect(claim.history('a')).rejects.toMatchObject(gone)
    expect(existsSync(join(folder, 'checkpoints', a, '2-2.txt'))).toBe(false)
  })

  it('follows no link', async () => {
    const folder = temporaryFolder()
    const outside = temporaryFolder()
    const claim = await claimed(folder)
    symlinkSync(outside, join(folder, 'checkpoints', a))
    await expect(claim.commit([request('a', 1)])).rejects.toMatchObject({ code: 'STORE_NOT_WRITABLE' })
    await commitAll(claim, 'b', [1])
    await claim.close()

    renameSync(join(folder, 'quarantine'), join(folder, 'moved'))
    symlinkSync(outside, join(folder, 'quarantine'))
    await expect(fileStore(folder).claim()).rejects.toMatchObject({ code: 'STORE_NOT_WRITABLE' })
    expect(readdirSync(outside)).toEqual([])
  })

  it('says that there is no room, keeps what was there, and goes on with what fits', async () => {
    const folder = temporaryFolder()
    const child = startProcess('file', folder, { shell: 'ulimit -f 100' })
    await child.ask('claim')
    await child.ask('commit a 1 5000')
    expect(await child.ask('commit a 2 500000')).toMatchObject({ error: { code: 'STORE_FULL' } })
    expect(readdirSync(join(folder, 'tmp'), { recursive: true })).toEqual([
      expect.stringMatching(/^[0-9a-f]{24}$/),
    ])
    expect(await child.ask('load a')).toEqual({ sequence: 1, length: 5000, phase: 'running' })
    expect(await child.ask('commit a 2 6000')).toMatchObject({ sequence: 2 })
  })
})
