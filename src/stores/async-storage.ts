import type { Store } from '../ports/store.js'
import type { KeyValue } from './key-value/port.js'
import { keyValueStore } from './key-value/store.js'
import { resolveOptions, type StoreOptions } from './options.js'
import { checkStorage, checkText } from './storage-checks.js'

/** `AsyncStorage` of `@react-native-async-storage/async-storage`, any major, as far as this library uses it. */
export interface AsyncStorageLike {
  getItem(key: string): Promise<string | null>
  setItem(key: string, text: string): Promise<void>
  removeItem(key: string): Promise<void>
  getAllKeys(): Promise<readonly string[]>
}

/** Android reads rows of up to 2 MB through its cursor; a character may take 3 bytes. */
const LONGEST = 500_000

/**
 * Keeps checkpoints in React Native's AsyncStorage, under keys that begin with `name`. Long texts are split, since Android
 * cannot read a row beyond 2 MB. All of it shares what the platform gives AsyncStorage: 6 MB on Android, unless
 * `AsyncStorage_db_size_in_MB` says more; beyond it, commits are refused with a `StoreFullError`.
 *
 * One supervisor of an app claims it at a time; one that comes by another object over the same data takes it over, and the first is refused.
 * Without transactions, a batch is not all or nothing; each checkpoint is.
 * @throws {InvalidOptionError} the storage or an option is not what it must be
 * @throws {StoreLockedError} from `claim`: another supervisor of this app holds it
 *
 * @example
 * ```ts
 * import AsyncStorage from '@react-native-async-storage/async-storage'
 *
 * const supervisor = await createSupervisor({ store: asyncStorageStore(AsyncStorage, 'services') })
 * ```
 */
export function asyncStorageStore(
  storage: AsyncStorageLike,
  name: string,
  options: StoreOptions = {},
): Store {
  checkStorage('AsyncStorage', storage, ['getItem', 'setItem', 'removeItem', 'getAllKeys'])
  checkText('name', name, 'a name, with which its keys begin')
  const get = async (key: string) => (await storage.getItem(key)) ?? undefined
  const keyValue: KeyValue = {
    name: `AsyncStorage ${name}`,
    longest: LONGEST,
    get,
    set: (key, text) => storage.setItem(key, text),
    remove: (key) => storage.removeItem(key),
    async setWhile(guard, key, text) {
      if ((await get(guard.key)) !== guard.text) return false
      await (text === undefined ? storage.removeItem(key) : storage.setItem(key, text))
      return true
    },
    keys: () => storage.getAllKeys(),
  }
  return keyValueStore(storage, keyValue, name, 'process', resolveOptions('asyncStorageStore', options))
}
