import type { SqliteDatabase } from './sqlite-driver.js'
import { toColumn } from './sqlite-key.js'
import { SUMMARY_COLUMNS } from './sqlite-rows.js'
import { STRIDE } from './sqlite-schema.js'

const OWN_ROWS = `id >= ?1 * ${STRIDE} AND id < (?1 + 1) * ${STRIDE}`

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
  pointToNewest(database, id)
}

/** Deletes all of a key. Runs in the caller's transaction. */
export function removeRows(database: SqliteDatabase, key: string): void {
  database.prepare('DELETE FROM quarantine WHERE key = ?').run(toColumn(key))
  const id = idOf(database, key)
  if (id === undefined) return
  database.prepare(`DELETE FROM checkpoint WHERE ${OWN_ROWS}`).run(id)
  database.prepare('DELETE FROM newest WHERE id = ?').run(id)
}

function pointToNewest(database: SqliteDatabase, id: number): void {
  // The casts say what the statements select.
  const newest = database
    .prepare(`SELECT id, text FROM checkpoint WHERE ${OWN_ROWS} ORDER BY sequence DESC LIMIT 1`)
    .get(id) as { id: number; text: string } | undefined
  if (newest === undefined) {
    database.prepare('DELETE FROM newest WHERE id = ?').run(id)
    return
  }
  // SQLite's length() counts code points, and a size is in UTF-16 code units.
  database
    .prepare(
      `UPDATE newest SET (${SUMMARY_COLUMNS}) = (SELECT ${SUMMARY_COLUMNS} FROM checkpoint WHERE id = ?1),
       size = ?2, checkpoint = ?1 WHERE id = ?3`,
    )
    .run(newest.id, newest.text.length, id)
}

function idOf(database: SqliteDatabase, key: string): number | undefined {
  const row = database.prepare('SELECT id FROM newest WHERE key = ?').get(toColumn(key))
  return (row as { id: number } | undefined)?.id
}
