import type { IDBPTransaction } from 'idb'
import type { ResolvedStoreOptions } from '../options.js'
import type { Database } from './open.js'
import { OWNER, placeOf, type Schema, STORES, WRITER } from './schema.js'

/** A transaction over all of the database, that writes. */
export type Writing = IDBPTransaction<Schema, typeof STORES, 'readwrite'>

/** Begins a transaction that is as durable as the browser can make it. */
export function beginWriting(database: Database): Writing {
  return database.transaction(STORES, 'readwrite', { durability: 'strict' })
}

/**
 * Writes this tab down as the owner, and the epoch before it as over. Gives its epoch, and how many checkpoints a key keeps:
 * what this owner asked for, else what the last one did.
 */
export async function takeEpoch(
  database: Database,
  pid: number,
  { keep: asked, keepGiven, now }: ResolvedStoreOptions,
): Promise<{ readonly epoch: number; readonly keep: number }> {
  const transaction = beginWriting(database)
  const owners = transaction.objectStore('owner')
  const last = await owners.get(OWNER)
  const epoch = (last?.epoch ?? 0) + 1
  const keep = keepGiven ? asked : (last?.keep ?? asked)
  if (last !== undefined && last.keep !== keep) await resizeRings(transaction, keep)
  const turns = transaction.objectStore('turn')
  await turns.put({ id: WRITER, epoch })
  if (last !== undefined) await turns.put({ id: `over ${last.epoch}`, epoch: last.epoch })
  await owners.put({ epoch, pid, claimedAtMs: now(), keep }, OWNER)
  await transaction.done
  return { epoch, keep }
}

/** Puts every checkpoint in its place of the new rings; what they have no room for goes. */
async function resizeRings(transaction: Writing, keep: number): Promise<void> {
  const checkpoints = transaction.objectStore('checkpoint')
  const all = await checkpoints.getAll()
  const newest = new Map(
    (await transaction.objectStore('newest').getAll()).map((one) => [one.key, one.sequence]),
  )
  await checkpoints.clear()
  for (const one of all) {
    const { key, sequence } = one
    if (sequence > (newest.get(key) ?? 0) - keep) await checkpoints.put(one, placeOf(key, sequence, keep))
  }
}
