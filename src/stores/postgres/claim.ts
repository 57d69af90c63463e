import type { CommitOutcome, CommitRequest, StoreClaim } from '../../ports/store.js'
import { headsOf } from '../heads.js'
import { inLine } from '../in-line.js'
import { toColumn } from '../key-order.js'
import { checkKey, keepable } from '../keys.js'
import { latch } from '../latch.js'
import { type Owned, whyLost } from './epoch.js'
import { failureOf, isAway } from './failures.js'
import type { Line } from './line.js'
import { readerOf } from './reader.js'
import type { Tables } from './schema.js'
import { writesOf } from './writes.js'

/** What a claim is made of. */
export interface ClaimParts {
  readonly name: string
  readonly location: string
  readonly tables: Tables
  readonly owned: Owned
  readonly line: Line
  readonly now: () => number
  /** Gives back what the claim had. */
  readonly release: () => Promise<void>
}

/** The claim of an owner that has its epoch. */
export function claimOf({ name, location, tables, owned, line, now, release }: ClaimParts): StoreClaim {
  const { id, epoch, token, keep } = owned
  const writes = writesOf(tables, owned)
  const { check, close } = latch(location)
  /** Whether they are still there each commit sees for itself. */
  const heads = headsOf(async (keys) => {
    const columns = keys.map(toColumn)
    const rows = await line.run((session) => session.ask(writes.heads, [id, columns], 'tardigrade_heads'))
    // The cast says what the statement selects.
    const found = new Map((rows as { key: string; sequence: number }[]).map((row) => [row.key, row.sequence]))
    return columns.map((column) => found.get(column))
  })
  /** Numbers of the writes: of the last one, and of the last one that the server has told to be done. */
  let written = 0
  let acknowledged = 0
  const writing = inLine(isAway)

  async function ask(text: string, values: readonly unknown[], key?: string): Promise<readonly unknown[]> {
    check()
    try {
      return await line.run((session) => session.ask(text, values))
    } catch (cause) {
      throw failureOf(location, cause, key)
    }
  }

  /** Runs the work when all before it is over. */
  function inOrder<T>(work: () => Promise<T>, key?: string): Promise<T> {
    return writing.run(work).catch((cause) => {
      throw failureOf(location, cause, key)
    })
  }

  /** Runs a statement that writes; again where its answer was lost with the connection. */
  async function write(statement: string, values: readonly unknown[], prepared?: string): Promise<void> {
    const number = ++written
    await line.run(async (session) => {
      const turn = [id, epoch, token, acknowledged, number]
      const rows = await session.ask(statement, [...turn, ...values], prepared)
      if (rows.length === 0) throw await whyLost(session, tables, location, owned)
    })
    acknowledged = number
  }

  async function commit(batch: readonly CommitRequest[]): Promise<readonly CommitOutcome[]> {
    if (batch.length === 0) return []
    return heads.commit(batch, (accepted, newest, before) => {
      // Of a key that comes often in one batch, the last ones take the places of the first.
      const rows = accepted.filter(({ key, sequence }) => sequence > (newest.get(key) ?? 0) - keep)
      return write(writes.commit, writes.columnsOf(before, rows), 'tardigrade_commit')
    })
  }

  return {
    ...readerOf(name, tables, ask),
    epoch,
    async commit(batch) {
      check()
      const copy = batch.map((one) => ({ ...one }))
      return inOrder(() => commit(copy))
    },
    async quarantine(key, sequence, reason) {
      check()
      checkKey(key)
      const values = [toColumn(key), sequence, keepable(reason), now()]
      await inOrder(async () => {
        // Also where it is not known whether it was done.
        heads.forget(key)
        await write(writes.quarantine, values)
      }, key)
    },
    async remove(key) {
      check()
      checkKey(key)
      await inOrder(async () => {
        // Also where it is not known whether it was done.
        heads.forget(key)
        await write(writes.remove, [toColumn(key)])
      }, key)
    },
    async close() {
      if (!close()) return
      await writing.over()
      await line.end()
      await release()
    },
  }
}
