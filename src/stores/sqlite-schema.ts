import { NewerStoreError, StoreDamagedError } from '../errors/store.js'
import { DAMAGED_FOLDER_REMEDY } from './damaged-remedies.js'
import type { SqliteDatabase } from './sqlite-driver.js'

/** "TDGR" in ASCII, so that `file` and SQLite tools can tell whose database it is. */
const APPLICATION_ID = 0x54444752

/** The format that this code writes. */
export const FORMAT = 1

/** Distance between the rows of a ring: more than a store has keys, and 100 of them are still an exact number. */
export const STRIDE = 2 ** 40

/** The rows of a ring, whatever stands in them. `id` is the SQL for the id of their key. */
export const ringOf = (id: string) => `id IN (
  WITH RECURSIVE slot (row, last) AS (
    SELECT ${id}, ${id} + ((SELECT keep FROM owner) - 1) * ${STRIDE}
    UNION ALL SELECT row + ${STRIDE}, last FROM slot WHERE row < last)
  SELECT row FROM slot)`

/**
 * What the view `newest` shows, where a key keeps so many: where its newest row stands follows from its sequence. Written
 * out, since whoever wakes very many services asks for very many rows.
 */
export function newestOf(keep: number): string {
  const rows = Array.from({ length: keep }, (_, slot) => `service.id + ${slot * STRIDE}`)
  const sequences = rows.map((row) => `SELECT sequence FROM checkpoint WHERE id = ${row}`).join(' UNION ALL ')
  const newest = `service.id + (SELECT max(sequence) FROM (${sequences})) % ${keep} * ${STRIDE}`
  return `service JOIN checkpoint ON checkpoint.id = ${newest}`
}

const SUMMARY = `
  service TEXT NOT NULL, version INTEGER NOT NULL, sequence INTEGER NOT NULL, epoch INTEGER NOT NULL,
  saved_at INTEGER NOT NULL, phase TEXT NOT NULL, wake_at INTEGER`

/*
 * The checkpoints of a key are a ring: the one with sequence n stands in row n % keep * STRIDE + service.id. So a
 * commit is one statement that overwrites the oldest and deletes nothing, and rows of one slot lie together,
 * whosever they are: services that work at the same pace share the pages of a commit.
 */
const SCHEMA = `
  CREATE TABLE owner (
    id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, pid INTEGER NOT NULL,
    claimed_at INTEGER NOT NULL, keep INTEGER NOT NULL);
  CREATE TABLE service (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
  CREATE TABLE checkpoint (id INTEGER PRIMARY KEY, ${SUMMARY}, size INTEGER NOT NULL, text TEXT NOT NULL);
  CREATE VIEW newest AS SELECT key, checkpoint.* FROM service JOIN checkpoint ON checkpoint.id =
    (SELECT id FROM checkpoint WHERE ${ringOf('service.id')} ORDER BY sequence DESC LIMIT 1);
  CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, ${SUMMARY}, reason TEXT NOT NULL,
    quarantined_at INTEGER NOT NULL, text TEXT NOT NULL);
  CREATE INDEX quarantine_key ON quarantine (key);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${FORMAT};`

/**
 * Whether the database holds a store, or nothing yet.
 * @throws {StoreDamagedError} it belongs to another program
 * @throws {NewerStoreError} it was written by newer code
 */
export function inspectFormat(database: SqliteDatabase, location: string): 'empty' | 'ready' {
  const applicationId = pragma(database, 'application_id')
  const format = pragma(database, 'user_version')
  if (applicationId === APPLICATION_ID) {
    if (Number(format) > FORMAT) throw new NewerStoreError(location, Number(format), FORMAT)
    return 'ready'
  }
  const tables = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').all().length
  if (applicationId === 0 && tables === 0) return 'empty'
  throw new StoreDamagedError(location, 'its database belongs to another program', {}, DAMAGED_FOLDER_REMEDY)
}

/** Makes the tables, all or none. */
export function createSchema(database: SqliteDatabase): void {
  database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT`)
}

/** The value of a pragma. */
export function pragma(database: SqliteDatabase, name: string): unknown {
  const row = database.prepare(`PRAGMA ${name}`).get()
  return typeof row === 'object' && row !== null ? Object.values(row)[0] : undefined
}
