import { createRequire } from 'node:module'
import { type AsyncStorageLike, asyncStorageStore } from 'tardigrade/stores/async-storage'
import { mmkvStore } from 'tardigrade/stores/mmkv'
import { expect, test, vi } from 'vitest'
import { describeStoreContract } from './contract.js'

const load = createRequire(import.meta.url)

/** The mock of AsyncStorage for Jest, as its package publishes it: it asks for Jest's own `fn`. */
function publishedAsyncStorage(): AsyncStorageLike {
  vi.stubGlobal('jest', { fn: vi.fn })
  try {
    return load('@react-native-async-storage/async-storage/jest/async-storage-mock.js')
  } finally {
    vi.unstubAllGlobals()
  }
}

/** The mock that react-native-mmkv is in tests. */
const { createMockMMKV } = load('react-native-mmkv/lib/createMMKV/createMockMMKV.js')

const AsyncStorage = publishedAsyncStorage()
let made = 0

const mocks = {
  AsyncStorage: { storage: () => AsyncStorage, store: asyncStorageStore },
  'react-native-mmkv': { storage: createMockMMKV, store: mmkvStore },
} as const

for (const [name, { storage: make, store }] of Object.entries(mocks)) {
  describeStoreContract(`the published mock of ${name}`, ({ keep }) => {
    const shared = make()
    let storage = shared
    made++
    // AsyncStorage is one for all, so each of its stores has a name of its own.
    const own = `services-${made}`
    const open = () => store(storage, own, { keep })
    return {
      store: open(),
      again: open,
      // As when another JavaScript of the same app has begun: it has objects of its own over the same data.
      loseLock: () => {
        storage = Object.create(shared)
      },
    }
  })
}

test('a second claim, as a hot reload makes it, is told that this app has the store', async () => {
  await asyncStorageStore(AsyncStorage, 'hot').claim()
  const message = /this app itself.*Close the supervisor that has it first; after a hot reload/
  await expect(asyncStorageStore(AsyncStorage, 'hot').claim()).rejects.toThrow(message)
})

test('they are the mocks of today’s packages', () => {
  expect(vi.isMockFunction(AsyncStorage.getItem)).toBe(true)
  expect(createMockMMKV().name).toBe('MMKV')
})
