import type { CommitRequest } from '../../ports/store.js'
import { toColumn } from '../key-order.js'
import type { Owned } from './epoch.js'
import type { Tables } from './schema.js'

const SUMMARY = 'service, version, sequence, epoch, saved_at, phase, wake_at'

/**
 * The statements that write, for one owner. Each is one statement, and so a transaction: $1 is the store's number, $2 the epoch. Where
 * another epoch owns the store there is no `turn`, and it does and returns nothing. The row of the store stays locked until it
 * is durable, so a new owner begins after it. Done twice, one after the other, each is as if it was done once.
 */
export function writesOf({ store, checkpoint, quarantine }: Tables, { epoch, keep }: Owned) {
  const turn = `turn AS (SELECT id FROM ${store} WHERE id = $1 AND epoch = $2 FOR SHARE)`
  return {
    heads: `SELECT key, max(sequence)::float8 AS sequence FROM ${checkpoint} WHERE store = $1 AND key = ANY ($2::text[]) GROUP BY key`,
    commit: `WITH ${turn},
      put AS (INSERT INTO ${checkpoint} (store, key, slot, ${SUMMARY}, size, text)
        SELECT turn.id, key, sequence % ${keep}, service, version, sequence, ${epoch}, saved_at, phase, wake_at, size, text
        FROM turn, unnest($3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::float8[], $8::text[], $9::float8[], $10::int[], $11::text[])
          AS new (key, service, version, sequence, saved_at, phase, wake_at, size, text)
        ON CONFLICT (store, key, slot) DO UPDATE SET service = excluded.service, version = excluded.version,
          sequence = excluded.sequence, epoch = excluded.epoch, saved_at = excluded.saved_at, phase = excluded.phase,
          wake_at = excluded.wake_at, size = excluded.size, text = excluded.text)
      SELECT id FROM turn`,
    quarantine: `WITH ${turn},
      bad AS (DELETE FROM ${checkpoint} AS old USING turn WHERE old.store = turn.id AND key = $3 AND sequence = $4 RETURNING old.*),
      aside AS (INSERT INTO ${quarantine} (store, key, ${SUMMARY}, reason, quarantined_at, text)
        SELECT store, key, ${SUMMARY}, $5, $6, text FROM bad)
      SELECT id FROM turn`,
    remove: `WITH ${turn},
      gone AS (DELETE FROM ${checkpoint} AS old USING turn WHERE old.store = turn.id AND key = $3),
      aside AS (DELETE FROM ${quarantine} AS old USING turn WHERE old.store = turn.id AND key = $3)
      SELECT id FROM turn`,
    /** The values of `commit` from $3 on. */
    columnsOf(rows: readonly CommitRequest[]): readonly unknown[] {
      return [
        rows.map(({ key }) => toColumn(key)),
        rows.map(({ service }) => service),
        rows.map(({ version }) => version),
        rows.map(({ sequence }) => sequence),
        rows.map(({ savedAtMs }) => savedAtMs),
        rows.map(({ phase }) => phase),
        rows.map(({ wakeAtMs = null }) => wakeAtMs),
        rows.map(({ text }) => text.length),
        rows.map(({ text }) => text),
      ]
    },
  }
}
