import { expect, test, vi } from 'vitest'
import { sqliteStore } from '../../src/stores/sqlite.js'
import { request } from '../../src/testing/contract/store/requests.js'
import { temporaryFolder } from '../kit/folder.js'

/* Faults: a process without a descriptor to spare, for a while. */

const files = vi.hoisted(() => ({ spare: Number.POSITIVE_INFINITY, open: new Set<number>() }))

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  return {
    ...real,
    openSync(...args: Parameters<typeof real.openSync>) {
      if (!String(args[0]).endsWith('-wal')) return real.openSync(...args)
      if (files.spare-- <= 0)
        throw Object.assign(new Error('EMFILE: too many open files'), { code: 'EMFILE' })
      const descriptor = real.openSync(...args)
      files.open.add(descriptor)
      return descriptor
    },
    closeSync(descriptor: number) {
      files.open.delete(descriptor)
      real.closeSync(descriptor)
    },
  }
})

test('a claimed store needs no further descriptor, however many write at once', async () => {
  files.spare = Number.POSITIVE_INFINITY
  const claim = await sqliteStore(temporaryFolder()).claim()
  files.spare = 0
  const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`)
  const outcomes = await Promise.all(keys.map((key) => claim.commit([request(key, 1)])))
  expect(outcomes.flat()).toEqual(keys.map(() => ({ ok: true })))
  await Promise.all(keys.map((key) => claim.remove(key)))
  expect(await claim.list()).toEqual([])
  await claim.close()
  expect(files.open.size).toBe(0)
})

test.each([0, 1])(
  'a claim with %i descriptors to spare is refused, and gives the store back',
  async (spare) => {
    const store = sqliteStore(temporaryFolder())
    files.spare = spare
    await expect(store.claim()).rejects.toMatchObject({ code: 'STORE_FAILED', cause: { code: 'EMFILE' } })
    expect(files.open.size).toBe(0)
    files.spare = Number.POSITIVE_INFINITY
    const claim = await store.claim()
    await claim.commit([request('a', 1)])
    await claim.close()
  },
)
