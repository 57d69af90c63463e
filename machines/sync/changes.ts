import { randomUUID } from 'node:crypto'
import { type Database, inSavepoint } from './database.js'
import { type RowData, Tables } from './tables.js'

/**
 * Changes a row locally and notes the change for the server, both or neither. Call it on any connection to
 * the database, inside a transaction of your own or outside.
 *
 * @param change `data` null deletes; `atMs` is `Date.now()` by default
 *
 * @example
 * ```ts
 * recordChange(database, 'notes', { id: 'n1', data: { text: 'Buy milk' } })
 * await service.send({ type: 'SYNC_NOW' }) // or let the next sync take it along
 * ```
 */
export function recordChange(
  database: Database,
  table: string,
  change: { readonly id: string; readonly data: RowData | null; readonly atMs?: number },
): void {
  const tables = new Tables(database, table)
  const { id, data, atMs: changedAtMs = Date.now() } = change
  inSavepoint(database, () => {
    // Written first, which takes the right to write, so that the version read after it stays true.
    tables.addChange({ key: randomUUID(), id, data, changedAtMs })
    tables.putRow({ id, data, changedAtMs, version: tables.row(id)?.version ?? 0 })
  })
}

/**
 * Takes back all local changes of a row, such as one that the server refuses for good. The next sync reads the
 * server's table from its beginning, which brings back what the server has.
 */
export function discardChanges(database: Database, table: string, id: string): void {
  const tables = new Tables(database, table)
  inSavepoint(database, () => {
    tables.removeChangesOf(id)
    tables.removeRow(id)
    tables.setCursor(undefined)
  })
}

/** Makes the three tables of a synchronised table, where they are not there yet. */
export function createTables(database: Database, table: string): Tables {
  const tables = new Tables(database, table)
  tables.create()
  return tables
}
