import type { CommitRequest } from '../../ports/store.js'
import { toColumn } from '../key-order.js'
import type { Owned } from './epoch.js'
import type { Tables } from './schema.js'

const SUMMARY = 'service, version, sequence, epoch, saved_at, phase, wake_at'

/**
 * The statements that write, for one owner. Each is one statement, and so a transaction: $1 is the store's number, $2 the epoch and $3
 * the token of its claim, $4 the number of the last write that was acknowledged, $5 that of this one. Where the store is another's, or
 * knows less than was acknowledged, as a server that has gone back does, there is no `turn`, and it does and returns nothing. The
 * row of the store stays locked until it is durable, so a new owner begins after it. Done twice, one after the other, each is as if it
 * was done once.
 */
export function writesOf({ store, checkpoint, quarantine }: Tables, { epoch, keep }: Owned) {
  const turn = `turn AS (UPDATE ${store} SET written = $5
    WHERE id = $1 AND epoch = $2 AND token = $3 AND written >= $4 RETURNING id)`
  return {
    heads: `SELECT key, max(sequence)::float8 AS sequence FROM ${checkpoint} WHERE store = $1 AND key = ANY ($2::text[]) GROUP BY key`,
    /** Nothing, too, where what it follows ($6 and $7) is gone, or was replaced by something older. */
    commit: `WITH ${turn},
      gone AS (SELECT FROM turn, unnest($6::text[], $7::bigint[]) AS last (key, sequence)
        WHERE last.sequence > coalesce((SELECT old.sequence FROM ${checkpoint} AS old
          WHERE old.store = turn.id AND old.key = last.key AND old.slot = last.sequence % ${keep}), 0)),
      put AS (INSERT INTO ${checkpoint} (store, key, slot, ${SUMMARY}, size, text)
        SELECT turn.id, key, sequence % ${keep}, service, version, sequence, ${epoch}, saved_at, phase, wake_at, size, text
        FROM turn, unnest($8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::float8[], $13::text[], $14::float8[], $15::int[], $16::text[])
          AS new (key, service, version, sequence, saved_at, phase, wake_at, size, text)
        WHERE NOT EXISTS (SELECT FROM gone)
        ON CONFLICT (store, key, slot) DO UPDATE SET service = excluded.service, version = excluded.version,
          sequence = excluded.sequence, epoch = excluded.epoch, saved_at = excluded.saved_at, phase = excluded.phase,
          wake_at = excluded.wake_at, size = excluded.size, text = excluded.text)
      SELECT id FROM turn WHERE NOT EXISTS (SELECT FROM gone)`,
    quarantine: `WITH ${turn},
      bad AS (DELETE FROM ${checkpoint} AS old USING turn WHERE old.store = turn.id AND key = $6 AND sequence = $7 RETURNING old.*),
      aside AS (INSERT INTO ${quarantine} (store, key, ${SUMMARY}, reason, quarantined_at, text)
        SELECT store, key, ${SUMMARY}, $8, $9, text FROM bad)
      SELECT id FROM turn`,
    remove: `WITH ${turn},
      gone AS (DELETE FROM ${checkpoint} AS old USING turn WHERE old.store = turn.id AND key = $6),
      aside AS (DELETE FROM ${quarantine} AS old USING turn WHERE old.store = turn.id AND key = $6)
      SELECT id FROM turn`,
    /** The values of `commit` from $6 on: the newest of each key that has one, and what is put. */
    columnsOf(heads: ReadonlyMap<string, number>, rows: readonly CommitRequest[]): readonly unknown[] {
      const followed = [...heads].filter(([, sequence]) => sequence > 0)
      return [
        followed.map(([key]) => toColumn(key)),
        followed.map(([, sequence]) => sequence),
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
