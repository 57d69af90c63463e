import { NewerStoreError, StoreDamagedError } from '../errors/store.js'
import type { SqliteDatabase } from './sqlite-driver.js'

/** "TDGR" in ASCII, so that `file` and SQLite tools can tell whose database it is. */
const APPLICATION_ID = 0x54444752

/** The format that this code writes. */
export const FORMAT = 1

/** Row numbers that a key reserves for its checkpoints; more than any store may keep. */
export const STRIDE = 128

const SUMMARY = `
  service TEXT NOT NULL, version INTEGER NOT NULL, sequence INTEGER NOT NULL, epoch INTEGER NOT NULL,
  saved_at INTEGER NOT NULL, phase TEXT NOT NULL, wake_at INTEGER`

/*
 * Two tables, so that a list reads no texts. The checkpoints of a key are a ring: the one with sequence n
 * stands in row newest.id * STRIDE + n % keep, so a commit overwrites the oldest and deletes nothing.
 */
const SCHEMA = `
  CREATE TABLE owner (
    id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, pid INTEGER NOT NULL,
    claimed_at INTEGER NOT NULL, keep INTEGER NOT NULL);
  CREATE TABLE newest (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, ${SUMMARY}, size INTEGER NOT NULL,
    checkpoint INTEGER NOT NULL);
  CREATE TABLE checkpoint (id INTEGER PRIMARY KEY, ${SUMMARY}, text TEXT NOT NULL);
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
  throw new StoreDamagedError(location, 'its database belongs to another program')
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
