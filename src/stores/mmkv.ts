import { wholeFrom } from '../errors/option-checks.js'
import { StoreFullError } from '../errors/store.js'
import type { Store } from '../ports/store.js'
import type { KeyValue } from './key-value/port.js'
import { keyValueStore } from './key-value/store.js'
import { resolveOptions, type StoreOptions } from './options.js'
import { checkStorage, checkText } from './storage-checks.js'

/** An instance of `react-native-mmkv`, any major, as far as this library uses it. */
export interface MmkvLike {
  getString(key: string): string | undefined
  set(key: string, text: string): void
  /** From its fourth major on. */
  remove?(key: string): unknown
  /** Until its third major. */
  delete?(key: string): unknown
  getAllKeys(): string[]
  /** How much it holds, in bytes: in its third major, and under another name in its fourth. */
  readonly size?: number
  readonly byteSize?: number
}

export interface MmkvStoreOptions extends StoreOptions {
  /** A commit that finds more than this in the instance is refused with a `StoreFullError`, in bytes. Default 10 MB. */
  readonly mostBytes?: number
}

/** MMKV keeps all of it in memory, and appends what changes until it has to write itself anew. */
const MOST_BYTES = 10 * 1024 * 1024

/**
 * Keeps checkpoints in MMKV, under keys that begin with `name`: as soon as a commit returns, the kernel has it. MMKV holds everything in memory, so
 * an instance that has grown beyond `mostBytes` takes no more.
 *
 * One supervisor of an app claims it at a time; one that comes by another instance over the same data takes it over, and the first is refused.
 * Without transactions, a batch is not all or nothing; each checkpoint is.
 * @throws {InvalidOptionError} the instance or an option is not what it must be
 * @throws {StoreLockedError} from `claim`: another supervisor of this app holds it
 *
 * @example
 * ```ts
 * import { createMMKV } from 'react-native-mmkv'
 *
 * const supervisor = await createSupervisor({ store: mmkvStore(createMMKV({ id: 'services' }), 'services') })
 * ```
 */
export function mmkvStore(storage: MmkvLike, name: string, options: MmkvStoreOptions = {}): Store {
  checkStorage('an instance of MMKV', storage, ['getString', 'set', 'getAllKeys'])
  checkText('name', name, 'a name, with which its keys begin')
  const resolved = resolveOptions('mmkvStore', options, { mostBytes: wholeFrom(1) })
  const { mostBytes = MOST_BYTES } = options
  const location = `MMKV ${name}`
  const set = (key: string, text: string) => {
    const bytes = storage.byteSize ?? storage.size ?? 0
    if (bytes + text.length > mostBytes) throw new StoreFullError(location)
    storage.set(key, text)
  }
  const remove = (key: string) => {
    if (storage.remove === undefined) storage.delete?.(key)
    else storage.remove(key)
  }
  const keyValue: KeyValue = {
    name: location,
    longest: mostBytes,
    get: async (key) => storage.getString(key),
    set: async (key, text) => set(key, text),
    remove: async (key) => remove(key),
    async setWhile(guard, key, text) {
      if (storage.getString(guard.key) !== guard.text) return false
      if (text === undefined) remove(key)
      else set(key, text)
      return true
    },
    keys: async () => storage.getAllKeys(),
  }
  return keyValueStore(storage, keyValue, name, 'process', resolved)
}
