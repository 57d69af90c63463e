import type { StoreReader } from '../ports/store.js'
import { readError } from './failures.js'
import { checkKey } from './keys.js'
import type { Latch } from './latch.js'
import type { SqliteQueries } from './sqlite-queries.js'

/** The reading half of a store; `queries` gives undefined while there is no store, which reads as empty. */
export function readerOf(
  location: string,
  latch: Pick<Latch, 'check'>,
  queries: () => SqliteQueries | undefined,
): Omit<StoreReader, 'close'> {
  function ask<T>(question: (asked: SqliteQueries) => T, whenEmpty: T, key?: string): T {
    latch.check()
    if (key !== undefined) checkKey(key)
    try {
      const asked = queries()
      return asked === undefined ? whenEmpty : question(asked)
    } catch (error) {
      throw readError(location, error, key)
    }
  }
  return {
    load: async (key) => ask((asked) => asked.load(key), undefined, key),
    history: async (key) => ask((asked) => asked.history(key), [], key),
    list: async (page) => ask((asked) => asked.list(page), []),
    quarantined: async () => ask((asked) => asked.quarantined(), []),
    owner: async () => ask((asked) => asked.owner(), undefined),
  }
}
