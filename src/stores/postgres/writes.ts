import type { CommitRequest } from '../../ports/store.js'
import { toColumn } from '../key-order.js'
import type { Owned } from './epoch.js'
import type { Tables } from './schema.js'

const SUMMARY = 'service, version, sequence, epoch, saved_at, phase, wake_at'

/**
 * The statements that write, for one owner. Each is one statement, and so a transaction: $1 is the store's number, $2 the epoch and
 * $3 the number of the write. Without a `turn`, which another epoch or a later write has taken, it does and returns nothing. The
 * row of the store stays locked until it is durable, so a new owner begins after it.
 */
export function writesOf({ store, checkpoint, quarantine }: Tables, { epoch, keep }: Owned) {
  const turn = `turn AS (UPDATE ${store} SET write = $3 WHERE id = $1 AND epoch = $2 AND write < $3 RETURNING id)`
  return {
    heads: `SELECT key, max(sequence)::float8 AS sequence FROM ${checkpoint} WHERE store = $1 AND key = ANY ($2::text[]) GROUP BY key`,
    commit: `WITH ${turn},
      put AS (INSERT INTO ${checkpoint} (store, key, slot, ${SUMMARY}, size, text)
        SELECT turn.id, key, sequence % ${keep}, service, version, sequence, ${epoch}, saved_at, phase, wake_at, size, text
        FROM turn, unnest($4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::float8[], $9::text[], $10::float8[], $11::int[], $12::text[])
          AS new (key, service, version, sequence, saved_at, phase, wake_at, size, text)
        ON CONFLICT (store, key, slot) DO UPDATE SET service = excluded.service, version = excluded.version,
          sequence = excluded.sequence, epoch = excluded.epoch, saved_at = excluded.saved_at, phase = excluded.phase,
          wake_at = excluded.wake_at, size = excluded.size, text = excluded.text)
      SELECT id FROM turn`,
    quarantine: `WITH ${turn},
      bad AS (DELETE FROM ${checkpoint} AS old USING turn WHERE old.store = turn.id AND key = $4 AND sequence = $5 RETURNING old.*),
      aside AS (INSERT INTO ${quarantine} (store, key, ${SUMMARY}, reason, quarantined_at, text)
        SELECT store, key, ${SUMMARY}, $6, $7, text FROM bad)
      SELECT id FROM turn`,
    remove: `WITH ${turn},
      gone AS (DELETE FROM ${checkpoint} AS old USING turn WHERE old.store = turn.id AND key = $4),
      aside AS (DELETE FROM ${quarantine} AS old USING turn WHERE old.store = turn.id AND key = $4)
      SELECT id FROM turn`,
    /** The values of `commit` from $4 on. */
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
