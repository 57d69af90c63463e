import type { StoreReader } from '../../ports/store.js'
import { latch } from '../latch.js'
import { patiently } from '../patiently.js'
import { connectTo, ignored, type PgPoolLike } from './driver.js'
import { failureOf, isAbsent, isAway } from './failures.js'
import { readerOf } from './reader.js'
import { checkFormat, type Query } from './schema.js'
import type { Site } from './site.js'

/** Reads the store of a server beside its owner; `release` ends what the pool is made of. */
export function readOver(pool: PgPoolLike, site: Site, release: () => Promise<void>): StoreReader {
  const { name, location, tables, patienceMs, answerMs } = site
  const { check, close } = latch(location)
  let known = false

  async function ask(text: string, values: readonly unknown[], key?: string): Promise<readonly unknown[]> {
    check()
    try {
      return await patiently(patienceMs, isAway, () => once(text, values))
    } catch (cause) {
      // A store that is made later is found later.
      if (!known && isAbsent(cause)) return []
      throw failureOf(location, cause, key)
    }
  }

  async function once(text: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    const client = await connectTo(pool, answerMs)
    client.on('error', ignored)
    let broken = true
    try {
      const query: Query = async (text, values = []) =>
        (await client.query({ text, values: [...values], query_timeout: answerMs })).rows
      if (!known) await checkFormat(query, tables, location)
      known = true
      const rows = await query(text, values)
      broken = false
      return rows
    } finally {
      client.removeListener('error', ignored)
      client.release(broken)
    }
  }

  return {
    ...readerOf(name, tables, ask),
    close: async () => {
      if (close()) await release()
    },
  }
}
