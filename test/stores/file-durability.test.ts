import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, it, vi } from 'vitest'
import { fileStore } from '../../src/stores/file.js'
import { nameOf } from '../../src/stores/file-name.js'
import { commitAll, request } from '../../src/testing/contract/store/requests.js'
import { temporaryFolder } from '../kit/folder.js'

/*
 * Fault: a power cut, which keeps only what was synced. A file must be synced before it gets its name, and the
 * folder of the name before the commit resolves.
 */

const log = vi.hoisted(() => ({
  lines: [] as string[],
  root: '',
  afterRename: () => {},
  beforeRemoval: () => {},
  failSync: '',
}))

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  const name = (path: unknown) => {
    const inside = relative(log.root, String(path)) || '.'
    return inside.replace(/^tmp\/.*/, 'tmp/*').replace(/[0-9a-f]{8}-(\d+-\d+\.txt)$/, '*-$1')
  }
  return {
    ...real,
    async open(...args: Parameters<typeof real.open>) {
      const handle = await real.open(...args)
      const sync = handle.sync.bind(handle)
      handle.sync = async () => {
        if (name(args[0]) === log.failSync) {
          log.failSync = ''
          throw Object.assign(new Error('i/o error'), { code: 'EIO' })
        }
        await sync()
        log.lines.push(`sync ${name(args[0])}`)
      }
      return handle
    },
    async mkdir(...args: Parameters<typeof real.mkdir>) {
      await real.mkdir(...args)
      log.lines.push(`mkdir ${name(args[0])}`)
    },
    async rename(...args: Parameters<typeof real.rename>) {
      await real.rename(...args)
      log.lines.push(`rename ${name(args[0])} to ${name(args[1])}`)
      log.afterRename()
    },
    async rm(...args: Parameters<typeof real.rm>) {
      log.beforeRemoval()
      await real.rm(...args)
      log.lines.push(`rm ${name(args[0])}`)
    },
  }
})

/** What lies among the files under way while somebody owns the store and writes nothing. */
const OWN_FOLDER = expect.stringMatching(/^[0-9a-f]{24}$/)

function lines(): string[] {
  return log.lines.splice(0)
}

it('syncs each file before its name and each folder before it answers', async () => {
  log.root = temporaryFolder()
  const a = `checkpoints/${nameOf('a')}`
  const b = `checkpoints/${nameOf('b')}`
  const aside = `quarantine/${nameOf('a')}`

  const claim = await fileStore(log.root, { keep: 1 }).claim()
  expect(lines().slice(-3)).toEqual(['sync tmp/*', 'rename tmp/* to owner.json', 'sync .'])

  await commitAll(claim, 'a', [1])
  expect(lines()).toEqual([
    `mkdir ${a}`,
    'sync checkpoints',
    'sync tmp/*',
    `rename tmp/* to ${a}/1-1.txt`,
    `sync ${a}`,
  ])

  await claim.commit([request('a', 2), request('b', 1)])
  const both = lines()
  expect(both.slice(0, 4)).toEqual([`mkdir ${b}`, 'sync checkpoints', 'sync tmp/*', 'sync tmp/*'])
  expect(both.slice(4, 6)).toEqual([`rename tmp/* to ${a}/2-1.txt`, `rename tmp/* to ${b}/1-1.txt`])
  expect(both.slice(6, 8).sort()).toEqual([`sync ${a}`, `sync ${b}`].sort())
  expect(both.slice(8)).toEqual([`rm ${a}/1-1.txt`])

  await claim.quarantine('a', 2, 'bad')
  expect(lines()).toEqual([
    `mkdir ${aside}`,
    'sync quarantine',
    'sync tmp/*',
    `rename tmp/* to ${aside}/*-2-1.txt`,
    `sync ${aside}`,
    `rm ${a}/2-1.txt`,
    `sync ${a}`,
  ])

  await claim.remove('a')
  expect(lines()).toEqual([
    `rename ${aside} to tmp/*`,
    'sync quarantine',
    'rm tmp/*',
    `rename ${a} to tmp/*`,
    'sync checkpoints',
    'rm tmp/*',
  ])
  await claim.close()
})

it('acknowledges nothing when a newer owner came between the check and the file', async () => {
  log.root = temporaryFolder()
  const claim = await fileStore(log.root).claim()
  await commitAll(claim, 'a', [1])
  const record = join(log.root, 'owner.json')
  log.afterRename = () => {
    log.afterRename = () => {}
    writeFileSync(record, readFileSync(record, 'utf8').replace('"epoch":1', '"epoch":2'))
  }
  await expect(claim.commit([request('a', 2)])).rejects.toMatchObject({
    code: 'STALE_EPOCH',
    currentEpoch: 2,
  })
  // It stays, since the newer owner may have loaded it by now.
  expect((await claim.load('a'))?.sequence).toBe(2)
  await claim.close()
})

it('takes back what it had named when a later file of the batch fails', async () => {
  log.root = temporaryFolder()
  const claim = await fileStore(log.root).claim()
  let renamed = 0
  log.afterRename = () => {
    if (++renamed < 2) return
    log.afterRename = () => {}
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  }
  await expect(claim.commit([request('a', 1), request('b', 1)])).rejects.toMatchObject({ code: 'STORE_FULL' })
  expect(await claim.list()).toEqual([])
  await commitAll(claim, 'a', [1])
  await claim.close()
})

it('acknowledges what is durable even where the checkpoints too old to keep cannot be dropped', async () => {
  log.root = temporaryFolder()
  const claim = await fileStore(log.root, { keep: 1 }).claim()
  await commitAll(claim, 'a', [1])
  log.beforeRemoval = () => {
    log.beforeRemoval = () => {}
    throw Object.assign(new Error('i/o error'), { code: 'EIO' })
  }
  await commitAll(claim, 'a', [2])
  expect((await claim.history('a')).map(({ sequence }) => sequence)).toEqual([2, 1])
  await commitAll(claim, 'a', [3])
  expect((await claim.history('a')).map(({ sequence }) => sequence)).toEqual([3])
  await claim.close()
})

it('makes durable what it finds before it goes on from there: a killed owner may not have come so far', async () => {
  log.root = temporaryFolder()
  const claim = await fileStore(log.root).claim()
  await commitAll(claim, 'a', [1])
  await claim.quarantine('a', 1, 'bad')
  await commitAll(claim, 'a', [1])
  await claim.close()
  lines()
  const again = await fileStore(log.root).claim()
  const synced = lines().slice(0, -3)
  const a = nameOf('a')
  expect(synced).toEqual([
    `sync checkpoints/${a}`,
    'sync checkpoints',
    `sync quarantine/${a}`,
    'sync quarantine',
    // The folder of the owner before, and one of its own.
    'rm tmp/*',
    'mkdir tmp/*',
  ])
  await again.close()
})

it('makes the name of a folder durable even where the commit that made it had failed', async () => {
  log.root = temporaryFolder()
  const claim = await fileStore(log.root).claim()
  log.failSync = 'checkpoints'
  await expect(claim.commit([request('a', 1)])).rejects.toMatchObject({ code: 'STORE_FAILED' })
  lines()
  await commitAll(claim, 'a', [1])
  expect(lines()[0]).toBe('sync checkpoints')
  await claim.close()
})

it('empties what a killed owner had removed only once its name is durably gone', async () => {
  log.root = temporaryFolder()
  const claim = await fileStore(log.root).claim()
  await commitAll(claim, 'a', [1, 2])
  await claim.close()
  // As a kill between the removal's rename and its sync leaves it.
  renameSync(join(log.root, 'checkpoints', nameOf('a')), join(log.root, 'tmp', 'doomed'))
  lines()
  const again = await fileStore(log.root).claim()
  // Else a power cut could bring the folder back with a part of its files.
  expect(lines().slice(0, 3)).toEqual(['sync checkpoints', 'sync quarantine', 'rm tmp/*'])
  expect(readdirSync(join(log.root, 'tmp'), { recursive: true })).toEqual([OWN_FOLDER])
  await again.close()
})

it('makes durable what an attempt had removed whose sync failed, when it is asked for again', async () => {
  log.root = temporaryFolder()
  const claim = await fileStore(log.root).claim()
  await commitAll(claim, 'a', [1, 2])
  const a = `checkpoints/${nameOf('a')}`
  log.failSync = a
  await expect(claim.quarantine('a', 2, 'bad')).rejects.toMatchObject({ code: 'STORE_FAILED' })
  lines()
  await claim.quarantine('a', 2, 'bad')
  expect(lines()).toEqual([`sync ${a}`])
  log.failSync = 'checkpoints'
  await expect(claim.remove('a')).rejects.toMatchObject({ code: 'STORE_FAILED' })
  lines()
  await claim.remove('a')
  expect(lines()).toContain('sync checkpoints')
  await claim.quarantine('nobody', 1, 'bad')
  await claim.close()
})
