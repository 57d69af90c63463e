import { StoreLockedError } from '../../errors/store.js'
import type { Store, StoreClaim } from '../../ports/store.js'
import { latch } from '../latch.js'
import type { ResolvedStoreOptions } from '../options.js'
import { claimStorage } from './claim.js'
import { failureOf } from './failures.js'
import type { KeyValue } from './port.js'
import { readerOf } from './reader.js'
import { Places } from './records.js'

/** By the storage's own object: the names of the stores in it that are claimed. An app has one JavaScript at a time. */
const claimed = new WeakMap<object, Map<string, number>>()

/** Numbers for claims of this app, in the place of a process. */
let claims = 0

/**
 * Keeps checkpoints in a storage of texts.
 * @param own the storage's own object: one store of a name is claimed in it at a time
 */
export function keyValueStore(
  own: object,
  storage: KeyValue,
  name: string,
  durability: Store['durability'],
  options: ResolvedStoreOptions,
): Store {
  const places = new Places(name)
  return {
    location: storage.name,
    durability,
    async claim(): Promise<StoreClaim> {
      const names = claimed.get(own) ?? new Map<string, number>()
      claimed.set(own, names)
      const holder = names.get(name)
      if (holder !== undefined) throw new StoreLockedError(storage.name, holder, {}, 'this app')
      claims++
      const mine = claims
      names.set(name, mine)
      const release = () => {
        if (names.get(name) === mine) names.delete(name)
      }
      try {
        return await claimStorage(storage, places, mine, options, release)
      } catch (cause) {
        release()
        throw failureOf(storage.name, cause)
      }
    },
    async read() {
      const { check, close } = latch(storage.name)
      return { ...readerOf(storage, places, check), close: async () => void close() }
    },
  }
}
