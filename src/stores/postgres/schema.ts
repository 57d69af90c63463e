import { NewerStoreError } from '../../errors/store.js'

/** Asks the server, and gives the rows. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<readonly unknown[]>

/** Whom the server answers. */
export interface Asking {
  /** An answer that does not come in time is given up. */
  readonly ask: Query
  /** Waits for the answer however long it takes. */
  readonly askAtLength: Query
}

/** The names of the tables. */
export type Tables = ReturnType<typeof tablesIn>

/** The names of the tables in this schema, as statements have them. */
export function tablesIn(schema: string) {
  const own = (name: string) => `"${schema}".${name}`
  return {
    schema: `"${schema}"`,
    format: own('format'),
    store: own('store'),
    checkpoint: own('checkpoint'),
    newest: own('newest'),
    quarantine: own('quarantine'),
  }
}

const SUMMARY = `
  service text NOT NULL, version bigint NOT NULL, sequence bigint NOT NULL, epoch bigint NOT NULL,
  saved_at double precision NOT NULL, phase text NOT NULL, wake_at double precision`

/**
 * What brings the tables from each format to the next. A format that was published never changes.
 *
 * The checkpoints of a key are a ring: the one with sequence n stands in slot n % keep, so that a commit changes rows in their
 * place and deletes none. Keys are compared byte by byte.
 *
 * From format 2 on, a store knows its claim by a token, too, and the number of that one's last write: a server that has gone back
 * gives an epoch again.
 */
const FORMATS: readonly ((tables: Tables) => string)[] = [
  ({ store, checkpoint, newest, quarantine }) => `
    CREATE TABLE ${store} (
      id integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, name text NOT NULL UNIQUE, epoch bigint NOT NULL,
      pid bigint NOT NULL, claimed_at double precision NOT NULL, keep integer NOT NULL)
      WITH (fillfactor = 50);
    CREATE TABLE ${checkpoint} (
      store integer NOT NULL, key text COLLATE "C" NOT NULL, slot integer NOT NULL, ${SUMMARY},
      size integer NOT NULL, text text NOT NULL, PRIMARY KEY (store, key, slot)) WITH (fillfactor = 70);
    CREATE VIEW ${newest} AS SELECT DISTINCT ON (store, key) * FROM ${checkpoint} ORDER BY store, key, sequence DESC;
    CREATE TABLE ${quarantine} (
      id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY, store integer NOT NULL, key text COLLATE "C" NOT NULL, ${SUMMARY},
      reason text NOT NULL, quarantined_at double precision NOT NULL, text text NOT NULL);
    CREATE INDEX quarantine_key ON ${quarantine} (store, key);`,
  ({ store }) => `
    ALTER TABLE ${store} ADD COLUMN token text NOT NULL DEFAULT '', ADD COLUMN written bigint NOT NULL DEFAULT 0;`,
]

/** The format that this code writes. */
export const FORMAT = FORMATS.length

/**
 * Makes the tables what this code knows. Runs in the caller's transaction, which nobody else may do at the same time.
 * @throws {NewerStoreError} they were made by newer code
 */
export async function migrate(asking: Asking, tables: Tables, location: string): Promise<void> {
  const query: Query = (text, values) => asking.ask(text, values)
  if (!(await exists(query, 'to_regclass', tables.format))) {
    // Who may use a schema that is there need not have the right to make one.
    if (!(await exists(query, 'to_regnamespace', tables.schema)))
      await query(`CREATE SCHEMA ${tables.schema}`)
    await query(`CREATE TABLE ${tables.format} (format integer NOT NULL)`)
    await query(`INSERT INTO ${tables.format} VALUES (0)`)
  }
  const format = await checkFormat(query, tables, location)
  if (format === FORMAT) return
  const steps = FORMATS.slice(format).map((step) => step(tables))
  // Changes tables that others have in use, perhaps all of their rows.
  await asking.askAtLength(`${steps.join('')} UPDATE ${tables.format} SET format = ${FORMAT}`)
}

async function exists(query: Query, look: 'to_regclass' | 'to_regnamespace', name: string): Promise<boolean> {
  const rows = await query(`SELECT ${look}($1) IS NOT NULL AS found`, [name])
  // The cast says what the statement selects.
  return (rows as { found: boolean }[])[0]?.found === true
}

/**
 * The format of the tables that are there.
 * @throws {NewerStoreError}
 */
export async function checkFormat(query: Query, tables: Tables, location: string): Promise<number> {
  const rows = await query(`SELECT format FROM ${tables.format}`)
  // The cast says what the statement selects.
  const format = (rows as { format: number }[])[0]?.format ?? 0
  if (format > FORMAT) throw new NewerStoreError(location, format, FORMAT)
  return format
}
