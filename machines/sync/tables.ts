import * as v from 'valibot'
import type { Database, SqlValue } from './database.js'

/** What a row holds: any object of JSON. */
export type RowData = { readonly [name: string]: unknown }

/** A row of the table that is kept in step. */
export interface Row {
  readonly id: string
  /** The server's version that it is based on; 0 when the server does not know it yet. */
  readonly version: number
  /** Null: deleted. The row stays as a tombstone, so that an old page cannot bring it back. */
  readonly data: RowData | null
  readonly changedAtMs: number
}

/** A local change that the server has not taken yet. */
export interface Change {
  /** Unique, made when the change was recorded. */
  readonly key: string
  readonly id: string
  readonly data: RowData | null
  readonly changedAtMs: number
}

const json = v.nullable(
  v.pipe(
    v.string(),
    v.transform((text): unknown => JSON.parse(text)),
    v.record(v.string(), v.unknown()),
  ),
)
const rowSchema = v.object({ id: v.string(), version: v.number(), data: json, changedAtMs: v.number() })
const changeSchema = v.object({ key: v.string(), id: v.string(), data: json, changedAtMs: v.number() })

/**
 * The three tables of one synchronised table: `<name>` for the rows, `<name>_changes` for local changes in
 * their order, `<name>_cursor` for how far the server's changes are applied.
 */
export class Tables {
  readonly #name: string

  /** @throws {RangeError} the name is no plain identifier */
  constructor(
    readonly database: Database,
    name: string,
  ) {
    if (!/^[A-Za-z_]\w{0,62}$/.test(name)) throw new RangeError(`“${name}” cannot name a table.`)
    this.#name = name
  }

  create(): void {
    this.database.exec(`
      CREATE TABLE IF NOT EXISTS "${this.#name}" (
        id TEXT PRIMARY KEY, version INTEGER NOT NULL, data TEXT, changedAtMs INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS "${this.#name}_changes" (
        seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE,
        id TEXT NOT NULL, data TEXT, changedAtMs INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS "${this.#name}_cursor" (
        one INTEGER PRIMARY KEY CHECK (one = 1), cursor TEXT NOT NULL) STRICT;`)
  }

  rows(): Row[] {
    return this.#all('SELECT id, version, data, changedAtMs FROM "$" ORDER BY id').map((row) =>
      v.parse(rowSchema, row),
    )
  }

  row(id: string): Row | undefined {
    const [row] = this.#all('SELECT id, version, data, changedAtMs FROM "$" WHERE id = ?', id)
    return row === undefined ? undefined : v.parse(rowSchema, row)
  }

  putRow({ id, version, data, changedAtMs }: Row): void {
    this.#run(
      `INSERT INTO "$" (id, version, data, changedAtMs) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
       SET version = excluded.version, data = excluded.data, changedAtMs = excluded.changedAtMs`,
      ...[id, version, textOf(data), changedAtMs],
    )
  }

  /** The local changes in their order, of one row or of all; at most `limit`. */
  changes({ id, limit = -1 }: { readonly id?: string; readonly limit?: number } = {}): Change[] {
    const columns = 'SELECT key, id, data, changedAtMs FROM "$_changes"'
    const found =
      id === undefined
        ? this.#all(`${columns} ORDER BY seq LIMIT ?`, limit)
        : this.#all(`${columns} WHERE id = ? ORDER BY seq LIMIT ?`, id, limit)
    return found.map((change) => v.parse(changeSchema, change))
  }

  addChange({ key, id, data, changedAtMs }: Change): void {
    this.#run(
      'INSERT INTO "$_changes" (key, id, data, changedAtMs) VALUES (?, ?, ?, ?)',
      ...[key, id, textOf(data), changedAtMs],
    )
  }

  removeChange(key: string): void {
    this.#run('DELETE FROM "$_changes" WHERE key = ?', key)
  }

  removeChangesOf(id: string): void {
    this.#run('DELETE FROM "$_changes" WHERE id = ?', id)
  }

  removeRow(id: string): void {
    this.#run('DELETE FROM "$" WHERE id = ?', id)
  }

  cursor(): string | undefined {
    const [found] = this.#all('SELECT cursor FROM "$_cursor"')
    return found === undefined ? undefined : v.parse(v.object({ cursor: v.string() }), found).cursor
  }

  setCursor(cursor: string | undefined): void {
    if (cursor === undefined) this.#run('DELETE FROM "$_cursor"')
    else this.#run('INSERT OR REPLACE INTO "$_cursor" (one, cursor) VALUES (1, ?)', cursor)
  }

  #all(sql: string, ...values: SqlValue[]): unknown[] {
    return this.database.prepare(sql.replace('$', this.#name)).all(...values)
  }

  #run(sql: string, ...values: SqlValue[]): void {
    this.database.prepare(sql.replace('$', this.#name)).run(...values)
  }
}

function textOf(data: RowData | null): string | null {
  return data === null ? null : JSON.stringify(data)
}
