import type { StoreNames } from 'idb'
import type { StoredCheckpoint, StoreReader } from '../../ports/store.js'
import { checkKey } from '../keys.js'
import { resolvePage } from '../options.js'
import { failureOf } from './failures.js'
import { ask, type Reading } from './one-go.js'
import type { Database } from './open.js'
import { OWNER, ringOf, type Schema } from './schema.js'

/**
 * The reading half of a store.
 * @param connection gives the database, or undefined while there is none, which reads as empty
 * @param check throws where the store cannot be used any more
 */
export function readerOf(
  location: string,
  check: () => void,
  connection: () => Promise<Database | undefined>,
): Omit<StoreReader, 'close'> {
  async function answer<Name extends StoreNames<Schema>, T>(
    name: Name,
    question: (store: Reading<Name>) => Promise<T>,
    whenEmpty: T,
    key?: string,
  ): Promise<T> {
    check()
    if (key !== undefined) checkKey(key)
    try {
      const database = await connection()
      return database === undefined ? whenEmpty : await ask(database, name, question)
    } catch (cause) {
      throw failureOf(location, cause, key)
    }
  }
  const history = (key: string) =>
    answer<'checkpoint', StoredCheckpoint[]>(
      'checkpoint',
      async (checkpoints) => {
        const ring = await checkpoints.getAll(ringOf(key))
        return ring.sort((a, b) => b.sequence - a.sequence)
      },
      [],
      key,
    )
  return {
    load: async (key) => (await history(key))[0],
    history,
    list: (page) => {
      const { after, limit } = resolvePage(page)
      const beyond = IDBKeyRange.lowerBound(after, true)
      // To IndexedDB, no limit is all.
      return answer('newest', async (newest) => (limit === 0 ? [] : newest.getAll(beyond, limit)), [])
    },
    quarantined: () => answer('quarantine', (set) => set.getAll(), []),
    owner: () =>
      answer(
        'owner',
        async (owners) => {
          const found = await owners.get(OWNER)
          if (found === undefined) return undefined
          const { keep: _keep, ...owner } = found
          return owner
        },
        undefined,
      ),
  }
}
