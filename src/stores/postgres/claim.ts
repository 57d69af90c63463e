import { SequenceError } from '../../errors/store.js'
import type { CommitOutcome, CommitRequest, StoreClaim } from '../../ports/store.js'
import { toColumn } from '../key-order.js'
import { checkKey, keepable, requestError } from '../keys.js'
import { latch } from '../latch.js'
import { type Owned, whyLost } from './epoch.js'
import { failureOf } from './failures.js'
import type { Line } from './line.js'
import { readerOf } from './reader.js'
import type { Tables } from './schema.js'
import { writesOf } from './writes.js'

const ACCEPTED: CommitOutcome = { ok: true }

/** Most sequences remembered. */
const MOST_HEADS = 100_000

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
  /** Sequences of the newest: only the owner writes, and whether they are still there each commit sees for itself. */
  const heads = new Map<string, number>()
  /** Numbers of the writes: of the last one, and of the last one that the server has told to be done. */
  let written = 0
  let acknowledged = 0
  /** What is written, one after another. */
  let last: Promise<unknown> = Promise.resolve()

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
    const turn = last.then(work)
    // What has become of what failed is asked the server.
    last = turn.catch(() => heads.clear())
    return turn.catch((cause) => {
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

  async function readHeads(keys: readonly string[]): Promise<void> {
    if (heads.size + keys.length > MOST_HEADS) heads.clear()
    const unknown = [...new Set(keys)].filter((key) => !heads.has(key))
    if (unknown.length === 0) return
    const columns = unknown.map(toColumn)
    const rows = await line.run((session) => session.ask(writes.heads, [id, columns], 'tardigrade_heads'))
    // The cast says what the statement selects.
    const found = new Map((rows as { key: string; sequence: number }[]).map((row) => [row.key, row.sequence]))
    for (const [index, key] of unknown.entries()) heads.set(key, found.get(columns[index] ?? '') ?? 0)
  }

  function accept(request: CommitRequest): CommitOutcome {
    const error = requestError(request)
    if (error !== undefined) return { ok: false, error }
    const { key, service, sequence } = request
    const stored = heads.get(key) ?? 0
    if (sequence !== stored + 1)
      return { ok: false, error: new SequenceError(sequence, stored, { key, service }) }
    heads.set(key, sequence)
    return ACCEPTED
  }

  async function commit(batch: readonly CommitRequest[]): Promise<readonly CommitOutcome[]> {
    if (batch.length === 0) return []
    const keys = batch.filter((one) => requestError(one) === undefined).map(({ key }) => key)
    await readHeads(keys)
    const before = new Map(keys.map((key) => [key, heads.get(key) ?? 0]))
    const outcomes = batch.map(accept)
    // Of a key that comes often in one batch, the last ones take the places of the first.
    const rows = batch.filter(
      ({ key, sequence }, index) => outcomes[index]?.ok && sequence > (heads.get(key) ?? 0) - keep,
    )
    await write(writes.commit, writes.columnsOf(before, rows), 'tardigrade_commit')
    return outcomes
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
        await write(writes.quarantine, values)
        heads.delete(key)
      }, key)
    },
    async remove(key) {
      check()
      checkKey(key)
      await inOrder(async () => {
        await write(writes.remove, [toColumn(key)])
        heads.delete(key)
      }, key)
    },
    async close() {
      if (!close()) return
      await last
      await line.end()
      await release()
    },
  }
}
