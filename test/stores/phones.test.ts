import {
  createSupervisor,
  defineService,
  InvalidOptionError,
  StoreDamagedError,
  StoreFullError,
} from 'tardigrade'
import { type AsyncStorageLike, asyncStorageStore } from 'tardigrade/stores/async-storage'
import { type MmkvLike, mmkvStore } from 'tardigrade/stores/mmkv'
import { describe, expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { partsOf } from '../../src/stores/key-value/texts.js'
import { describeStoreContract } from './contract.js'
import { accepted, request } from './phones-kit.js'

/** A map that takes nothing while it fails. */
class FailingMap extends Map<string, string> {
  /** Undefined: any number. */
  #left: number | undefined

  /** Has it take so many changes and then none, until what it returns is called. */
  fail(after: number): () => void {
    this.#left = after
    return () => {
      this.#left = undefined
    }
  }

  override set(key: string, text: string): this {
    this.#change()
    return super.set(key, text)
  }

  override delete(key: string): boolean {
    this.#change()
    return super.delete(key)
  }

  #change(): void {
    if (this.#left === undefined) return
    if (this.#left-- <= 0) throw new Error('database or disk is full (code 13 SQLITE_FULL)')
  }
}

/** AsyncStorage over a map: every call answers later, as over the bridge. */
function asyncStorage(data = new Map<string, string>()): AsyncStorageLike {
  return {
    getItem: async (key) => data.get(key) ?? null,
    setItem: async (key, text) => void data.set(key, text),
    removeItem: async (key) => void data.delete(key),
    getAllKeys: async () => [...data.keys()],
  }
}

/** MMKV of both names for the same methods. */
function mmkv(data = new Map<string, string>(), major: 3 | 4 = 4): MmkvLike {
  const bytes = () => [...data].reduce((sum, [key, text]) => sum + key.length + text.length, 0)
  const remove = (key: string) => data.delete(key)
  const common = {
    getString: (key: string) => data.get(key),
    set: (key: string, text: string) => void data.set(key, text),
    getAllKeys: () => [...data.keys()],
  }
  return major === 4
    ? {
        ...common,
        remove,
        get byteSize() {
          return bytes()
        },
      }
    : {
        ...common,
        delete: remove,
        get size() {
          return bytes()
        },
      }
}

const storages = {
  AsyncStorage: { make: asyncStorage, store: asyncStorageStore },
  'MMKV 4': { make: (data: Map<string, string>) => mmkv(data, 4), store: mmkvStore },
  'MMKV 3': { make: (data: Map<string, string>) => mmkv(data, 3), store: mmkvStore },
} as const

for (const [name, { make, store }] of Object.entries(storages)) {
  describeStoreContract(name, ({ keep }) => {
    const medium = new FailingMap()
    medium.set('of somebody else', 'untouched')
    let storage = make(medium)
    const open = () => store(storage as AsyncStorageLike & MmkvLike, 'services', { keep })
    return {
      failWrites: (after) => medium.fail(after),
      store: open(),
      again: open,
      // As when another JavaScript of the same app has begun: it has objects of its own over the same data.
      loseLock: () => {
        storage = make(medium)
      },
    }
  })
}

describe('AsyncStorage', () => {
  test('takes texts that are longer than Android can read in one piece', async () => {
    const data = new Map<string, string>()
    const claim = await asyncStorageStore(asyncStorage(data), 'services').claim()
    const text = `${'x'.repeat(499_999)}🐢${'y'.repeat(700_000)}`
    accepted(await claim.commit([request('a', 1, text)]))
    expect((await claim.load('a'))?.text).toBe(text)
    expect(Math.max(...[...data.values()].map(({ length }) => length))).toBeLessThanOrEqual(500_000)
    for (const sequence of [2, 3, 4]) accepted(await claim.commit([request('a', sequence, 'short')]))
    // What makes room leaves nothing behind.
    expect([...data.keys()].filter((key) => key.includes(':text:1-1:'))).toEqual([])
    await claim.remove('a')
    expect([...data.keys()]).toEqual(['services:owner'])
  })

  test('two stores of different names share a storage', async () => {
    const storage = asyncStorage()
    const [one, other] = await Promise.all(
      ['one', 'other'].map((name) => asyncStorageStore(storage, name).claim()),
    )
    accepted((await one?.commit([request('a', 1, 'mine')])) ?? [])
    expect(await other?.list()).toEqual([])
    expect((await one?.list())?.map(({ key }) => key)).toEqual(['a'])
  })

  test('a crash between any two writes leaves the checkpoint before it, or the new one', async () => {
    for (let crashAt = 0; crashAt < 8; crashAt++) {
      const data = new Map<string, string>()
      const text = 'x'.repeat(1_200_000)
      const first = await asyncStorageStore(asyncStorage(data), 'services').claim()
      accepted(await first.commit([request('a', 1, 'one')]))
      let writes = 0
      const dying = asyncStorage(data)
      const write = <T>(run: () => T): T => {
        if (writes++ >= crashAt) throw new Error('dead')
        return run()
      }
      const claim = await asyncStorageStore(
        {
          ...dying,
          setItem: async (key, value) => void write(() => data.set(key, value)),
          removeItem: async (key) => void write(() => data.delete(key)),
        },
        'services',
        { keep: 1 },
      )
        .claim()
        .catch(() => undefined)
      const outcome = await claim?.commit([request('a', 2, text)]).then(
        () => 'acknowledged',
        () => 'refused',
      )
      const reader = await asyncStorageStore(asyncStorage(data), 'services').read()
      const found = await reader.load('a')
      expect([1, 2]).toContain(found?.sequence)
      expect(found?.text).toBe(found?.sequence === 1 ? 'one' : text)
      if (outcome === 'acknowledged') expect(found?.sequence).toBe(2)
    }
  })

  test('what is damaged is told as that, with its place', async () => {
    const data = new Map<string, string>()
    const claim = await asyncStorageStore(asyncStorage(data), 'services').claim()
    accepted(await claim.commit([request('a', 1, 'one')]))
    data.set('services:head:a', '{"kept":[]}')
    await expect(claim.load('a')).rejects.toThrow(StoreDamagedError)
    await expect(claim.load('a')).rejects.toThrow(/services:head:a/)
    data.set('services:owner', '{"format":2,"epoch":1,"pid":1,"claimedAtMs":1}')
    await expect(claim.commit([request('b', 1, 'x')])).rejects.toMatchObject({ code: 'NEWER_STORE' })
  })

  test('a storage without room is a StoreFullError, whatever words it has for that', async () => {
    const storage = asyncStorage()
    const claim = await asyncStorageStore(storage, 'services').claim()
    storage.setItem = async () => {
      throw new Error('database or disk is full (code 13 SQLITE_FULL)')
    }
    await expect(claim.commit([request('a', 1, 'one')])).rejects.toThrow(StoreFullError)
  })
})

test('MMKV that has grown too large takes no more, and keeps what it has', async () => {
  const claim = await mmkvStore(mmkv(), 'services', { mostBytes: 2000 }).claim()
  accepted(await claim.commit([request('a', 1, 'x'.repeat(500))]))
  await expect(claim.commit([request('a', 2, 'x'.repeat(1500))])).rejects.toThrow(StoreFullError)
  expect((await claim.load('a'))?.sequence).toBe(1)
  accepted(await claim.commit([request('a', 2, 'short')]))
})

test('a service lives in either', async () => {
  for (const store of [asyncStorageStore(asyncStorage(), 's'), mmkvStore(mmkv(), 's')]) {
    const lamp = defineService({
      id: 'lamp',
      version: 1,
      machine: createMachine({ initial: 'off', states: { off: { on: { PRESS: 'on' } }, on: {} } }),
    })
    const first = await createSupervisor({ store })
    await (await first.start(lamp)).send({ type: 'PRESS' })
    await first.close()
    const second = await createSupervisor({ store })
    expect((await second.start(lamp)).machine.getSnapshot().value).toBe('on')
    await second.close()
  }
})

test('parts end between characters', () => {
  expect(partsOf('', 3)).toEqual([])
  expect(partsOf('abcdef', 3)).toEqual(['abc', 'def'])
  expect(partsOf('ab🐢cd', 3)).toEqual(['ab', '🐢c', 'd'])
})

test.each([
  () => asyncStorageStore({} as never, 'services'),
  () => asyncStorageStore(asyncStorage(), '' as never),
  () => asyncStorageStore(asyncStorage(), undefined as never),
  () => mmkvStore(undefined as never, 'services'),
  () => mmkvStore(mmkv(), 'services', { mostBytes: 0 }),
  () => mmkvStore(mmkv(), 'services', { most: 5 } as never),
])('%s is refused', (make) => {
  expect(make).toThrow(InvalidOptionError)
})
