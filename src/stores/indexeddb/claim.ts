import { StaleEpochError, StoreFailedError } from '../../errors/store.js'
import type { CommitRequest, StoreClaim, StoredCheckpoint } from '../../ports/store.js'
import { headsOf } from '../heads.js'
import { checkKey, keepable } from '../keys.js'
import { latch } from '../latch.js'
import type { ResolvedStoreOptions } from '../options.js'
import type { ClaimConnection } from './connection.js'
import { takeEpoch } from './epoch.js'
import { ask, settle, type Writing, write } from './one-go.js'
import type { Database } from './open.js'
import { readerOf } from './reader.js'
import { OWNER, placeOf, ringOf } from './schema.js'

/**
 * Takes the next epoch and gives the claim; closing it closes the database and gives the lock back. Undefined where the lock was
 * taken away meanwhile.
 */
export async function claimDatabase(
  connection: ClaimConnection,
  pid: number,
  options: ResolvedStoreOptions,
): Promise<StoreClaim | undefined> {
  const { location, database, lock } = connection
  const taken = await takeEpoch(location, database, lock, pid, options)
  // The page may have stood still before it heard that it is written down, and another have come.
  if (taken === undefined || !(await lock.isHeld())) return undefined
  const { epoch, keep, claimedAtMs } = taken
  /** A look at who is the owner, since others could have come while the page stood still: nothing is written before that has ended. */
  let looking: Promise<void> | undefined
  const look = (least: number) => {
    looking = lookForNext(least)
    return looking
  }
  lock.onDoubt = () => look(epoch)
  // Who stood still without a word hears that alone.
  void lock.lost.then(() => look(epoch + 1))
  connection.closeWhileFrozen(async (again) => {
    const owner = await ownerIn(again)
    if (owner !== undefined && owner.epoch > epoch)
      connection.end(() => new StaleEpochError(epoch, owner.epoch))
    // Deleted meanwhile, which nothing kept anybody from; another may have begun anew.
    else if (owner?.claimedAtMs !== claimedAtMs) connection.end(() => connectionGone(location))
    connection.check()
  })
  const closing = latch(location)
  const check = () => {
    closing.check()
    connection.check()
  }
  const reader = readerOf(location, check, () => connection.open())
  const heads = headsOf(async (keys) =>
    ask(await connection.open(), 'newest', (store) =>
      Promise.all(keys.map(async (key) => (await store.get(key))?.sequence)),
    ),
  )
  const underWay = new Set<Promise<void>>()
  /** By key, its last commit: the next one of that key begins when its outcome is known. */
  const underWayOf = new Map<string, Promise<unknown>>()

  /** All of the work or nothing, and nothing once another claim has come; `work` asks for it all without waiting. */
  async function transact(work: (transaction: Writing) => void): Promise<void> {
    const writing = writeAsOwner(work)
    underWay.add(writing)
    try {
      await writing
    } catch (cause) {
      throw connection.failure(cause)
    } finally {
      underWay.delete(writing)
    }
  }

  async function writeAsOwner(work: (transaction: Writing) => void): Promise<void> {
    const opened = await connection.open()
    // A worker that stood still may hear of what it is to write before it hears that the lock is lost.
    if (globalThis.document === undefined) await lock.isHeld()
    // One that has just ended may have asked before the page stood still once more.
    for (let last: Promise<void> | undefined; last !== looking; ) {
      last = looking
      await last
    }
    connection.check()
    if (await write(opened, epoch, work)) return
    await lookForNext(epoch + 1)
    connection.check()
  }

  /** Ends it where another has the store; `least` is known already, as by who has its lock and is not yet written down. */
  async function lookForNext(least: number): Promise<void> {
    let current = least
    try {
      // What is known is told at once where the database is still to be opened, for which others may keep it waiting.
      if (least === epoch || connection.isOpen)
        current = Math.max(least, (await ownerIn(await connection.open()))?.epoch ?? 0)
    } catch {
      // What keeps it from being read tells the next one that reads or writes.
    }
    if (current > epoch) connection.end(() => new StaleEpochError(epoch, current))
  }

  const writeBatch = (batch: readonly CommitRequest[]) =>
    heads.commit(batch, (accepted) =>
      transact((transaction) => {
        for (const request of accepted) put(transaction, { ...request, epoch }, keep)
      }),
    )

  return {
    ...reader,
    epoch,
    lost: connection.lost,
    async commit(batch) {
      check()
      const earlier = batch.map(({ key }) => underWayOf.get(key))
      const written = Promise.allSettled(earlier).then(() => writeBatch(batch))
      for (const { key } of batch) underWayOf.set(key, written)
      try {
        return await written
      } catch (cause) {
        throw connection.failure(cause)
      } finally {
        for (const { key } of batch) if (underWayOf.get(key) === written) underWayOf.delete(key)
      }
    },
    async quarantine(key, sequence, reason) {
      check()
      checkKey(key)
      const history = await reader.history(key)
      const bad = history.find((one) => one.sequence === sequence)
      const rest = history.filter((one) => one !== bad)
      await transact((transaction) => {
        if (bad === undefined) return
        settle(
          transaction
            .objectStore('quarantine')
            .add({ ...bad, reason: keepable(reason), quarantinedAtMs: options.now() }),
        )
        settle(transaction.objectStore('checkpoint').delete(placeOf(key, sequence, keep)))
        const newest = transaction.objectStore('newest')
        settle(rest[0] === undefined ? newest.delete(key) : newest.put(summaryOf(rest[0])))
      })
      heads.forget(key)
    },
    async remove(key) {
      check()
      checkKey(key)
      const set = await ask(await connection.open(), 'quarantine', (store) =>
        store.index('key').getAllKeys(key),
      )
      await transact((transaction) => {
        settle(transaction.objectStore('newest').delete(key))
        settle(transaction.objectStore('checkpoint').delete(ringOf(key)))
        for (const id of set) settle(transaction.objectStore('quarantine').delete(id))
      })
      heads.forget(key)
    },
    async close() {
      if (!closing.close()) return
      await Promise.allSettled([...underWayOf.values(), ...underWay])
      connection.release()
    },
  }
}

function ownerIn(database: Database) {
  return ask(database, 'owner', (owners) => owners.get(OWNER))
}

function put(transaction: Writing, checkpoint: StoredCheckpoint, keep: number): void {
  const { key, sequence } = checkpoint
  settle(transaction.objectStore('newest').put(summaryOf(checkpoint)))
  settle(transaction.objectStore('checkpoint').put(checkpoint, placeOf(key, sequence, keep)))
}

function summaryOf({ text, ...rest }: StoredCheckpoint) {
  return { ...rest, size: text.length }
}

/** The browser has closed the connection, with what was not yet durable. */
export function connectionGone(location: string): StoreFailedError {
  const cause = new Error('the browser has closed its database, as when the data of the site are deleted')
  const remedy = 'Load the page anew, or make another supervisor.'
  return new StoreFailedError(location, { cause }, remedy)
}
