import { randomUUID } from 'node:crypto'
import { lost } from '../lost.js'
import type { ResolvedStoreOptions } from '../options.js'
import type { Asking, Tables } from './schema.js'
import type { Session } from './session.js'
import type { LockKey } from './site.js'

/** What an owner knows of its store. */
export interface Owned {
  /** The store's number in the tables. */
  readonly id: number
  readonly epoch: number
  /** That of no other claim, where a server that has gone back gives the same epoch again. */
  readonly token: string
  readonly keep: number
}

/**
 * Writes this process down as the owner, and gives its epoch, greater than all before, and how many checkpoints a key keeps:
 * what this owner asked for, else what the last one did. Runs in the caller's transaction.
 */
export async function takeEpoch(
  asking: Asking,
  tables: Tables,
  name: string,
  { keep: asked, keepGiven, now }: ResolvedStoreOptions,
): Promise<Owned> {
  const before = await asking.ask(`SELECT keep FROM ${tables.store} WHERE name = $1`, [name])
  // The casts say what the statements select.
  const last = (before as { keep: number }[])[0]?.keep
  const keep = keepGiven ? asked : (last ?? asked)
  const taken = await asking.ask(
    `INSERT INTO ${tables.store} AS own (name, epoch, pid, claimed_at, keep, token, written) VALUES ($1, 1, $2, $3, $4, $5, 0)
      ON CONFLICT (name) DO UPDATE SET epoch = own.epoch + 1, pid = $2, claimed_at = $3, keep = $4, token = $5, written = 0
      RETURNING id, epoch::float8, token`,
    [name, process.pid, now(), keep, randomUUID()],
  )
  const [owned] = taken as { id: number; epoch: number; token: string }[]
  if (owned === undefined) throw new Error('the server has not told the epoch')
  if (last !== undefined && last !== keep) await resizeRings(asking, tables, owned.id, keep)
  return { ...owned, keep }
}

/** Drops what the smaller rings have no room for, then moves every checkpoint to its new place. */
async function resizeRings(asking: Asking, { checkpoint, newest }: Tables, id: number, keep: number) {
  await asking.askAtLength(
    `DELETE FROM ${checkpoint} AS old USING ${newest} AS newest
      WHERE old.store = $1 AND newest.store = $1 AND newest.key = old.key AND old.sequence <= newest.sequence - $2`,
    [id, keep],
  )
  // By way of negative numbers, since a new place may still be another's old one.
  await asking.askAtLength(`UPDATE ${checkpoint} SET slot = -1 - sequence % $2 WHERE store = $1`, [id, keep])
  await asking.askAtLength(`UPDATE ${checkpoint} SET slot = -1 - slot WHERE store = $1`, [id])
}

/** Why this claim may not write, as the store's row says. */
export async function whyLost(session: Session, tables: Tables, location: string, { id, epoch }: Owned) {
  const rows = await session.ask(`SELECT epoch::float8 FROM ${tables.store} WHERE id = $1`, [id])
  // The cast says what the statement selects.
  return lost(location, epoch, (rows as { epoch: number }[])[0]?.epoch ?? 0)
}

/** @throws {StaleEpochError | StoreDamagedError} the store is another's */
export async function checkOwned(session: Session, tables: Tables, location: string, owned: Owned) {
  const { id, epoch, token } = owned
  const own = `SELECT FROM ${tables.store} WHERE id = $1 AND epoch = $2 AND token = $3`
  const rows = await session.ask(own, [id, epoch, token])
  if (rows.length === 0) throw await whyLost(session, tables, location, owned)
}

/**
 * Makes a session of an owner whose last one has broken the one that holds the lock.
 * @throws {Error} the lock is not free yet; the server is to be asked again
 */
export async function takeLockBack(
  session: Session,
  former: Session,
  lock: LockKey,
  check: () => Promise<void>,
): Promise<void> {
  const taken = await session.tryLock()
  await check()
  if (taken) return
  // The server may wait long for the connection that we know has broken.
  await session.ask(
    `SELECT pg_terminate_backend(pid) FROM pg_locks
      WHERE locktype = 'advisory' AND granted AND pid = $1 AND classid::bigint = $2 & 4294967295 AND objid::bigint = $3 & 4294967295`,
    [former.backend, ...lock],
  )
  throw new Error('another session holds its lock')
}
