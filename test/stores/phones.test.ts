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
    expect([...data.keys()].filter((key) => key.includes(':text:1-1-'))).toEqual([])
    await claim.remove('a')
    expect([...data.keys()].sort()).toEqual([expect.stringMatching(/^services:claim:1:/), 'services:owner'])
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

  test('what owners that died have left beside what heads name is removed by the claim after the next, and nothing else', async () => {
    const data = new Map<string, string>()
    const claim = await asyncStorageStore(asyncStorage(data), 'services').claim()
    for (const sequence of [1, 2, 3])
      accepted(await claim.commit([request('a', sequence, `text ${sequence}`)]))
    await claim.quarantine('a', 2, 'odd')
    // The mark of the newest claim is in the place of the one before.
    const kept = () => [...data.keys()].filter((place) => !place.startsWith('services:claim:'))
    const before = kept()
    const others = [
      'services:text:of a newer format',
      'services:text:1-1',
      'of somebody else',
      'more services:text:1-1:0',
    ]
    for (const place of others) data.set(place, 'untouched')
    for (let kill = 0; kill < 5; kill++) {
      const storage = asyncStorage(data)
      // It dies when all is written but the head.
      const died = new Promise<void>((dies) => {
        const { setItem } = storage
        storage.setItem = async (place, text) => {
          if (!place.startsWith('services:head3:')) return setItem(place, text)
          dies()
          return new Promise(() => {})
        }
      })
      const dying = await asyncStorageStore(storage, 'services').claim()
      void dying.commit([request('a', 4, 'x'.repeat(1_200_000))])
      await died
      expect([...data.keys()].filter((place) => place.startsWith('services:text:'))).toHaveLength(
        // What is kept, of others, of this one, and of the one before it, which may only have stood still.
        3 + 2 + 3 + (kill === 0 ? 0 : 3),
      )
    }
    await asyncStorageStore(asyncStorage(data), 'services').claim()
    const next = await asyncStorageStore(asyncStorage(data), 'services').claim()
    expect(kept().sort()).toEqual([...before, ...others].sort())
    expect([...data.keys()].filter((place) => place.startsWith('services:claim:8:'))).toHaveLength(1)
    expect(data.size).toBe(before.length + others.length + 1)
    expect((await next.history('a')).map(({ text }) => text)).toEqual(['text 3', 'text 1'])
    expect((await next.quarantined()).map(({ text }) => text)).toEqual(['text 2'])
  })

  test('what the first format wrote is read, and goes on', async () => {
    const kept = {
      ...{ service: 'lamp', version: 1, sequence: 1, epoch: 1, savedAtMs: 1, phase: 'running' },
      ...{ size: 3, id: '1-1', parts: 1 },
    }
    const data = new Map([
      ['services:owner', '{"format":1,"epoch":1,"pid":1,"claimedAtMs":1}'],
      ['services:head:a', JSON.stringify({ kept: [kept] })],
      ['services:head:b', JSON.stringify({ kept: [{ ...kept, id: '1-2' }] })],
      ['services:text:1-1:0', 'one'],
      ['services:text:1-2:0', 'two'],
      ['services:text:1-3:0', 'of a commit that died'],
    ])
    for (const sequence of [2, 3]) {
      const claim = await asyncStorageStore(asyncStorage(data), 'services').claim()
      accepted(await claim.commit([request('a', sequence, `text ${sequence}`)]))
      if (sequence === 2) await claim.remove('b')
    }
    const last = await asyncStorageStore(asyncStorage(data), 'services').claim()
    expect((await last.history('a')).map(({ text }) => text)).toEqual(['text 3', 'text 2', 'one'])
    expect((await last.list()).map(({ key }) => key)).toEqual(['a'])
    expect([...data.keys()].filter((place) => place.includes(':text:'))).toHaveLength(3)
  })

  test('nothing is removed by a claim that cannot read what a head names', async () => {
    const data = new Map<string, string>()
    const claim = await asyncStorageStore(asyncStorage(data), 'services').claim()
    accepted(await claim.commit([request('a', 1, 'one')]))
    const head = data.get('services:head3:1:a') ?? ''
    data.set('services:head3:1:a', 'damaged')
    await asyncStorageStore(asyncStorage(data), 'services').claim()
    data.set('services:head3:1:a', head)
    const next = await asyncStorageStore(asyncStorage(data), 'services').claim()
    expect((await next.load('a'))?.text).toBe('one')
  })

  test('a commit without room leaves nothing behind, and the next one that fits is taken', async () => {
    const medium = new FailingMap()
    const claim = await asyncStorageStore(asyncStorage(medium), 'services').claim()
    accepted(await claim.commit([request('a', 1, 'one')]))
    const kept = () => [...medium.keys()].filter((place) => !place.startsWith('services:claim:'))
    const before = kept()
    const storage = asyncStorage(medium)
    for (const fits of [0, 1, 2, 3]) {
      const full = asyncStorage(medium)
      let left = fits
      full.setItem = async (place, text) => {
        if (!/^services:(owner$|claim:)/.test(place) && left-- <= 0)
          throw new Error('database or disk is full (code 13 SQLITE_FULL)')
        return storage.setItem(place, text)
      }
      const unlucky = await asyncStorageStore(full, 'services').claim()
      await expect(unlucky.commit([request('a', 2, 'x'.repeat(1_200_000))])).rejects.toThrow(StoreFullError)
      expect(kept()).toEqual(before)
    }
    const next = await asyncStorageStore(storage, 'services').claim()
    accepted(await next.commit([request('a', 2, 'two')]))
  })

  test('a head that was written, though that was told as failed, keeps its text', async () => {
    const data = new Map<string, string>()
    const storage = asyncStorage(data)
    const claim = await asyncStorageStore(storage, 'services').claim()
    const { setItem } = storage
    storage.setItem = async (place, text) => {
      await setItem(place, text)
      if (place.startsWith('services:head3:')) throw new Error('the bridge is gone')
    }
    await expect(claim.commit([request('a', 1, 'one')])).rejects.toThrow('the bridge is gone')
    expect((await claim.load('a'))?.text).toBe('one')
  })

  test('an owner names what it wrote in no head when a newer claim came before that', async () => {
    const data = new Map<string, string>()
    const storage = asyncStorage(data)
    const claim = await asyncStorageStore(storage, 'services').claim()
    accepted(await claim.commit([request('a', 1, 'one')]))
    const { setItem } = storage
    storage.setItem = async (place, text) => {
      await setItem(place, text)
      if (place.startsWith('services:text:')) await asyncStorageStore(asyncStorage(data), 'services').claim()
    }
    await expect(claim.commit([request('a', 2, 'two')])).rejects.toMatchObject({ code: 'STALE_EPOCH' })
    expect((await claim.load('a'))?.text).toBe('one')
  })

  test('what a newer claim has moved while it is looked for is found, by a reader and by who has lost the store', async () => {
    const data = new Map<string, string>()
    const storage = asyncStorage(data)
    const { getItem } = storage
    const first = await asyncStorageStore(storage, 'services').claim()
    accepted(await first.commit([request('a', 1, 'one')]))
    const reader = await asyncStorageStore(storage, 'services').read()
    storage.getItem = async (place) => {
      if (place === 'services:head3:1:a' && data.has(place)) {
        const next = await asyncStorageStore(asyncStorage(data), 'services').claim()
        accepted(await next.commit([request('a', 2, 'two')]))
        await asyncStorageStore(asyncStorage(data), 'services').claim()
        expect(data.has(place)).toBe(false)
      }
      return getItem(place)
    }
    expect((await reader.load('a'))?.text).toBe('two')
    expect((await first.load('a'))?.text).toBe('two')
    // It is gone for ever.
    storage.getItem = async (place) => (place.includes(':head3:') ? null : getItem(place))
    expect([await reader.load('a'), await reader.list()]).toEqual([undefined, []])
  })

  test('an owner that lost the store over a commit that failed takes no text that the next one may have gone on from', async () => {
    const data = new Map<string, string>()
    const storage = asyncStorage(data)
    const claim = await asyncStorageStore(storage, 'services').claim()
    const { setItem, getItem } = storage
    storage.setItem = async (place, text) => {
      await setItem(place, text)
      if (place.startsWith('services:head3:')) throw new Error('the bridge is gone')
    }
    storage.getItem = async (place) => {
      if (place === 'services:head3:1:a' && data.has(place)) {
        const next = await asyncStorageStore(asyncStorage(data), 'services').claim()
        accepted(await next.commit([request('a', 2, 'two')]))
        await asyncStorageStore(asyncStorage(data), 'services').claim()
      }
      return getItem(place)
    }
    await expect(claim.commit([request('a', 1, 'one')])).rejects.toThrow('the bridge is gone')
    const last = await asyncStorageStore(asyncStorage(data), 'services').claim()
    expect((await last.history('a')).map(({ text }) => text)).toEqual(['two', 'one'])
  })

  test('what is damaged is told as that, with its place', async () => {
    const data = new Map<string, string>()
    const claim = await asyncStorageStore(asyncStorage(data), 'services').claim()
    accepted(await claim.commit([request('a', 1, 'one')]))
    data.set('services:head3:1:a', '{"kept":[]}')
    await expect(claim.load('a')).rejects.toThrow(StoreDamagedError)
    await expect(claim.load('a')).rejects.toThrow(/services:head3:1:a.*Give the store another name/)
    data.set('services:owner', '{"format":4,"epoch":1,"pid":1,"claimedAtMs":1}')
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
