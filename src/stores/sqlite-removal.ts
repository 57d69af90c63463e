import { toColumn } from './key-order.js'
import type { SqliteDatabase } from './sqlite-driver.js'
import { SUMMARY_COLUMNS } from './sqlite-rows.js'
import { ringOf } from './sqlite-schema.js'

const OWN_ROWS = ringOf('?1')

/** Sets the checkpoint aside; nothing when there is none with this sequence. Runs in the caller's transaction. */
export function quarantineRow(
  database: SqliteDatabase,
  key: string,
  sequence: number,
  reason: string,
  atMs: number,
): void {
  const id = idOf(database, key)
  if (id === undefined) return
  database
    .prepare(
      `INSERT INTO quarantine (key, ${SUMMARY_COLUMNS}, reason, quarantined_at, text)
       SELECT ?3, ${SUMMARY_COLUMNS}, ?4, ?5, text FROM checkpoint WHERE ${OWN_ROWS} AND sequence = ?2`,
    )
    .run(id, sequence, toColumn(key), reason, atMs)
  database.prepare(`DELETE FROM checkpoint WHERE ${OWN_ROWS} AND sequence = ?2`).run(id, sequence)
  database
    .prepare(`DELETE FROM service WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM checkpoint WHERE ${OWN_ROWS})`)
    .run(id)
}

/** Deletes all of a key. Runs in the caller's transaction. */
export function removeRows(database: SqliteDatabase, key: string): void {
  database.prepare('DELETE FROM quarantine WHERE key = ?').run(toColumn(key))
  const id = idOf(database, key)
  if (id === undefined) return
  database.prepare(`DELETE FROM checkpoint WHERE ${OWN_ROWS}`).run(id)
  database.prepare('DELETE FROM service WHERE id = ?').run(id)
}

function idOf(database: SqliteDatabase, key: string): number | undefined {
  const row = database.prepare('SELECT id FROM service WHERE key = ?').get(toColumn(key))
  return (row as { id: number } | undefined)?.id
}
