import type {
  CheckpointSummary,
  QuarantinedCheckpoint,
  StoredCheckpoint,
  StoreOwner,
} from '../ports/store.js'
import { toColumn } from './key-order.js'
import { type Page, resolvePage } from './options.js'
import type { SqliteDatabase } from './sqlite-driver.js'
import { SUMMARY_COLUMNS, toCheckpoint, toOwner, toQuarantined, toSummary } from './sqlite-rows.js'
import { newestOf, ringOf } from './sqlite-schema.js'

/** What one connection can be asked, each with its prepared statement. */
export type SqliteQueries = ReturnType<typeof prepareQueries>

/**
 * Prepares all questions of a reader on this connection.
 * @param keep how many checkpoints a key keeps, for the owner, who alone can know that it stays so
 */
export function prepareQueries(database: SqliteDatabase, keep?: number) {
  const newest = keep === undefined ? 'newest' : newestOf(keep)
  const load = database.prepare(`SELECT ${SUMMARY_COLUMNS}, text FROM ${newest} WHERE key = ?`)
  const history = database.prepare(
    `SELECT ${SUMMARY_COLUMNS}, text FROM checkpoint
     WHERE ${ringOf('(SELECT id FROM service WHERE key = ?1)')} ORDER BY sequence DESC`,
  )
  const list = database.prepare(
    `SELECT key, ${SUMMARY_COLUMNS}, size FROM newest WHERE key > ? ORDER BY key LIMIT ?`,
  )
  const quarantined = database.prepare(
    `SELECT key, ${SUMMARY_COLUMNS}, reason, quarantined_at, text FROM quarantine ORDER BY id`,
  )
  const owner = database.prepare('SELECT epoch, pid, claimed_at, keep FROM owner WHERE id = 1')

  return {
    load(key: string): StoredCheckpoint | undefined {
      const row = load.get(toColumn(key))
      return row === undefined ? undefined : toCheckpoint(row, key)
    },
    history(key: string): readonly StoredCheckpoint[] {
      return history.all(toColumn(key)).map((row) => toCheckpoint(row, key))
    },
    list(page?: Page): readonly CheckpointSummary[] {
      const { after, limit } = resolvePage(page)
      return list.all(toColumn(after), limit).map(toSummary)
    },
    quarantined(): readonly QuarantinedCheckpoint[] {
      return quarantined.all().map(toQuarantined)
    },
    owner(): StoreOwner | undefined {
      const found = toOwner(owner.get())
      return found && { epoch: found.epoch, pid: found.pid, claimedAtMs: found.claimedAtMs }
    },
  }
}
