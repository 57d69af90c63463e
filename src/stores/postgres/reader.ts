import type { StoreReader } from '../../ports/store.js'
import { toColumn } from '../key-order.js'
import { checkKey } from '../keys.js'
import { resolvePage } from '../options.js'
import { SUMMARY_COLUMNS, toCheckpoint, toOwner, toQuarantined, toSummary } from './rows.js'
import type { Tables } from './schema.js'

/** Asks the database, and gives the rows; none where there is no store yet. */
export type Ask = (text: string, values: readonly unknown[], key?: string) => Promise<readonly unknown[]>

/** The reading half of the store of this name; `check` throws where it cannot be used any more. */
export function readerOf(name: string, tables: Tables, ask: Ask): Omit<StoreReader, 'close'> {
  const own = `store = (SELECT id FROM ${tables.store} WHERE name = $1)`
  const checkpoints = `SELECT key, ${SUMMARY_COLUMNS}, text FROM ${tables.checkpoint} WHERE ${own} AND key = $2 ORDER BY sequence DESC`
  const load = `${checkpoints} LIMIT 1`
  const list = `SELECT DISTINCT ON (key) key, ${SUMMARY_COLUMNS}, size FROM ${tables.checkpoint} AS c
    WHERE ${own} AND key > $2 ORDER BY key, c.sequence DESC LIMIT $3`
  const quarantined = `SELECT key, ${SUMMARY_COLUMNS}, reason, quarantined_at, text FROM ${tables.quarantine} WHERE ${own} ORDER BY id`
  const owner = `SELECT epoch::float8, pid::float8, claimed_at FROM ${tables.store} WHERE name = $1`
  const ofKey = (text: string, key: string) => {
    checkKey(key)
    return ask(text, [name, toColumn(key)], key)
  }
  return {
    load: async (key) => (await ofKey(load, key)).map(toCheckpoint)[0],
    history: async (key) => (await ofKey(checkpoints, key)).map(toCheckpoint),
    list: async (page) => {
      const { after, limit } = resolvePage(page)
      return (await ask(list, [name, toColumn(after), limit])).map(toSummary)
    },
    quarantined: async () => (await ask(quarantined, [name])).map(toQuarantined),
    owner: async () => (await ask(owner, [name])).map(toOwner)[0],
  }
}
