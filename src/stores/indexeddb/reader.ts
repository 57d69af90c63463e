import type { StoredCheckpoint, StoreReader } from '../../ports/store.js'
import { checkKey } from '../keys.js'
import { resolvePage } from '../options.js'
import { failureOf } from './failures.js'
import type { Database } from './open.js'
import { OWNER, ringOf } from './schema.js'

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
  async function ask<T>(
    question: (database: Database) => Promise<T>,
    whenEmpty: T,
    key?: string,
  ): Promise<T> {
    check()
    if (key !== undefined) checkKey(key)
    try {
      const database = await connection()
      return database === undefined ? whenEmpty : await question(database)
    } catch (cause) {
      throw failureOf(location, cause, key)
    }
  }
  return {
    load: (key) => ask(async (database) => (await ringNewestFirst(database, key))[0], undefined, key),
    history: (key) => ask((database) => ringNewestFirst(database, key), [], key),
    list: (page) => {
      const { after, limit } = resolvePage(page)
      // To IndexedDB, no limit is all.
      if (limit === 0) return ask(async () => [], [])
      return ask((database) => database.getAll('newest', IDBKeyRange.lowerBound(after, true), limit), [])
    },
    quarantined: () => ask((database) => database.getAll('quarantine'), []),
    owner: () =>
      ask(async (database) => {
        const found = await database.get('owner', OWNER)
        if (found === undefined) return undefined
        const { keep: _keep, ...owner } = found
        return owner
      }, undefined),
  }
}

async function ringNewestFirst(database: Database, key: string): Promise<StoredCheckpoint[]> {
  const ring = await database.getAll('checkpoint', ringOf(key))
  return ring.sort((a, b) => b.sequence - a.sequence)
}
