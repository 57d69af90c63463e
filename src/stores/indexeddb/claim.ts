import { SequenceError, StaleEpochError, StoreFailedError } from '../../errors/store.js'
import type { CommitOutcome, CommitRequest, StoreClaim, StoredCheckpoint } from '../../ports/store.js'
import { checkKey, keepable, requestError } from '../keys.js'
import { latch } from '../latch.js'
import type { ResolvedStoreOptions } from '../options.js'
import { beginWriting, takeEpoch, type Writing } from './epoch.js'
import { failureOf } from './failures.js'
import type { Database } from './open.js'
import { readerOf } from './reader.js'
import { OWNER, placeOf, ringOf, WRITER } from './schema.js'
import type { TabLock } from './tab-lock.js'

const ACCEPTED: CommitOutcome = { ok: true }

/** The connection of a claim, and why it cannot be used any more. */
export interface ClaimConnection {
  readonly database: Database
  ended: Error | undefined
}

/** Takes the next epoch and gives the claim; closing it closes the database and gives the lock back. */
export async function claimDatabase(
  location: string,
  connection: ClaimConnection,
  lock: TabLock,
  pid: number,
  options: ResolvedStoreOptions,
): Promise<StoreClaim> {
  const { database } = connection
  const { epoch, keep } = await takeEpoch(database, pid, options)
  const closing = latch(location)
  const check = () => {
    closing.check()
    if (connection.ended !== undefined) throw connection.ended
  }
  const reader = readerOf(location, check, async () => database)
  /** Sequences of the newest: only the owner writes, so they stay true for as long as its epoch is the newest. */
  const heads = new Map<string, number>()
  const underWay = new Set<Promise<unknown>>()
  /** By key, its last commit: the next one of that key begins when its outcome is known. */
  const underWayOf = new Map<string, Promise<unknown>>()

  async function readHeads(keys: readonly string[]): Promise<void> {
    const unknown = keys.filter((key) => !heads.has(key))
    if (unknown.length === 0) return
    const { store } = database.transaction('newest')
    const found = await Promise.all(unknown.map((key) => store.get(key)))
    for (const [index, key] of unknown.entries()) heads.set(key, found[index]?.sequence ?? 0)
  }

  /** All of the work or nothing, and nothing once another claim has come; `write` asks for it all without waiting. */
  async function transact(write: (transaction: Writing) => void): Promise<void> {
    const transaction = begin()
    const { done } = transaction
    let isOver = false
    underWay.add(done)
    try {
      transaction
        .objectStore('turn')
        .put({ id: WRITER, epoch })
        .catch((error: unknown) => {
          isOver = error instanceof Error && error.name === 'ConstraintError'
        })
      write(transaction)
      transaction.commit()
      await done
    } catch (cause) {
      heads.clear()
      throw isOver ? await stale() : failureOf(location, cause)
    } finally {
      underWay.delete(done)
    }
  }

  function begin() {
    try {
      return beginWriting(database)
    } catch (cause) {
      throw failureOf(location, cause)
    }
  }

  async function stale(): Promise<StaleEpochError> {
    const owner = await database.get('owner', OWNER)
    return new StaleEpochError(epoch, owner?.epoch ?? Number.NaN)
  }

  function accept(request: CommitRequest): CommitOutcome {
    const { key, service, sequence } = request
    const stored = heads.get(key) ?? 0
    if (sequence !== stored + 1)
      return { ok: false, error: new SequenceError(sequence, stored, { key, service }) }
    heads.set(key, sequence)
    return ACCEPTED
  }

  async function write(batch: readonly CommitRequest[]): Promise<readonly CommitOutcome[]> {
    const errors = batch.map(requestError)
    await readHeads(batch.flatMap(({ key }, index) => (errors[index] === undefined ? [key] : [])))
    const outcomes = batch.map((request, index): CommitOutcome => {
      const error = errors[index]
      return error === undefined ? accept(request) : { ok: false, error }
    })
    await transact((transaction) => {
      for (const [index, request] of batch.entries()) {
        if (outcomes[index]?.ok) put(transaction, { ...request, epoch }, keep)
      }
    })
    return outcomes
  }

  return {
    ...reader,
    epoch,
    async commit(batch) {
      check()
      const earlier = batch.map(({ key }) => underWayOf.get(key))
      const written = Promise.allSettled(earlier).then(() => write(batch))
      for (const { key } of batch) underWayOf.set(key, written)
      try {
        return await written
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
      heads.delete(key)
    },
    async remove(key) {
      check()
      checkKey(key)
      const set = await database.getAllKeysFromIndex('quarantine', 'key', key)
      await transact((transaction) => {
        settle(transaction.objectStore('newest').delete(key))
        settle(transaction.objectStore('checkpoint').delete(ringOf(key)))
        for (const id of set) settle(transaction.objectStore('quarantine').delete(id))
      })
      heads.delete(key)
    },
    async close() {
      if (!closing.close()) return
      await Promise.allSettled([...underWayOf.values(), ...underWay])
      database.close()
      lock.release()
    },
  }
}

function put(transaction: Writing, checkpoint: StoredCheckpoint, keep: number): void {
  const { key, sequence } = checkpoint
  settle(transaction.objectStore('newest').put(summaryOf(checkpoint)))
  settle(transaction.objectStore('checkpoint').put(checkpoint, placeOf(key, sequence, keep)))
}

function summaryOf({ text, ...rest }: StoredCheckpoint) {
  return { ...rest, size: text.length }
}

/** What fails takes its transaction with it, whose own promise tells. */
function settle(request: Promise<unknown>): void {
  request.catch(() => {})
}

/** The browser has closed the connection, with what was not yet durable. */
export function connectionGone(location: string): StoreFailedError {
  const cause = new Error('the browser has closed its database, as when the data of the site are deleted')
  return new StoreFailedError(location, { cause })
}
