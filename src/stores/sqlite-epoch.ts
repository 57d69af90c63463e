import type { ResolvedStoreOptions } from './options.js'
import type { SqliteDatabase } from './sqlite-driver.js'
import { toOwner } from './sqlite-rows.js'
import { ringOf, STRIDE } from './sqlite-schema.js'

/**
 * Writes this process down as the owner and gives its epoch, greater than all before, and how many checkpoints a
 * key keeps: what this owner asked for, else what the last one did. Durable on return.
 */
export function takeEpoch(
  database: SqliteDatabase,
  options: ResolvedStoreOptions,
): { readonly epoch: number; readonly keep: number } {
  database.exec('BEGIN IMMEDIATE')
  try {
    const last = toOwner(database.prepare('SELECT epoch, pid, claimed_at, keep FROM owner').get())
    const epoch = (last?.epoch ?? 0) + 1
    const keep = options.keepGiven ? options.keep : (last?.keep ?? options.keep)
    if (last !== undefined && last.keep !== keep) resizeRings(database, keep)
    database.prepare('REPLACE INTO owner VALUES (1, ?, ?, ?, ?)').run(epoch, process.pid, options.now(), keep)
    database.exec('COMMIT')
    return { epoch, keep }
  } catch (error) {
    rollBack(database)
    throw error
  }
}

/** Undoes the transaction, if there is one. */
export function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // SQLite has rolled back by itself, as it does when the disk is full, or the transaction never began.
  }
}

/** Drops what the smaller ring has no room for, then moves every checkpoint to its new place. */
function resizeRings(database: SqliteDatabase, keep: number): void {
  database.exec(`
    DELETE FROM checkpoint WHERE sequence <= -${keep} +
      (SELECT max(sequence) FROM checkpoint AS own WHERE own.${ringOf(`checkpoint.id % ${STRIDE}`)});
    -- By way of negative numbers, since a new place may still be another's old one.
    UPDATE checkpoint SET id = -(sequence % ${keep} * ${STRIDE} + id % ${STRIDE});
    UPDATE checkpoint SET id = -id;`)
}
