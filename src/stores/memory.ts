import { StoreLockedError } from '../errors/store.js'
import type { Store } from '../ports/store.js'
import { latch } from './latch.js'
import { claimShelf } from './memory-claim.js'
import { readShelf, type Shelf } from './memory-shelf.js'
import { resolveOptions, type StoreOptions } from './options.js'

const LOCATION = 'memory'

/** A store that is gone with its process. */
export interface MemoryStore extends Store {
  /** Lets go of the holder without telling it, as a lock that was lost: its next commit finds a newer epoch. */
  loseLock(): void
}

/**
 * Keeps checkpoints in memory, for tests and for services that need not outlive their process.
 *
 * The data belong to the returned object: what one claim wrote, the next one finds.
 * @throws {InvalidOptionError} an option is out of its range
 *
 * @example
 * ```ts
 * const store = memoryStore()
 * const supervisor = await createSupervisor({ store })
 * ```
 */
export function memoryStore(options: StoreOptions = {}): MemoryStore {
  const resolved = resolveOptions('memoryStore', options)
  const shelf: Shelf = {
    checkpoints: new Map(),
    sortedKeys: undefined,
    quarantined: [],
    owner: undefined,
    held: false,
  }
  return {
    location: LOCATION,
    durability: 'none',
    async claim() {
      if (shelf.held) throw new StoreLockedError(LOCATION, shelf.owner?.pid, {}, 'this app')
      return claimShelf(shelf, LOCATION, resolved)
    },
    async read() {
      const { check, close } = latch(LOCATION)
      return { ...readShelf(shelf, check), close: async () => void close() }
    },
    loseLock() {
      shelf.held = false
    },
  }
}
