import { SequenceError, StaleEpochError } from '../errors/store.js'
import type { CommitOutcome, CommitRequest } from '../ports/store.js'
import { toColumn } from './key-order.js'
import { requestError } from './keys.js'
import type { SqliteDatabase, SqliteValue } from './sqlite-driver.js'
import { SUMMARY_COLUMNS } from './sqlite-rows.js'
import { newestOf, STRIDE } from './sqlite-schema.js'

/** Where a key's checkpoints stand, and the sequence of its newest. */
interface Head {
  readonly id: number
  sequence: number
}

const ACCEPTED: CommitOutcome = { ok: true }

/** Most heads remembered; about 20 MB. */
const MOST_HEADS = 100_000

/** Rows that one statement writes where there are so many: calling the driver costs as much as writing a row. */
const MANY = 25

/** Values of a row that change: all but the epoch. */
const ROW_VALUES = 9

/** The statements of a commit. All of them run inside the caller's transaction, but for a commit of one statement. */
export function prepareWrites(database: SqliteDatabase, epoch: number, keep: number) {
  const epochRow = database.prepare('SELECT epoch FROM owner WHERE id = 1')
  const find = database.prepare(`SELECT service.id, sequence FROM ${newestOf(keep)} WHERE key = ?`)
  const insert = database.prepare('INSERT INTO service (key) VALUES (?)')
  const row = `(?, ?, ?, ?, ${epoch}, ?, ?, ?, ?, ?)`
  const columns = `checkpoint (id, ${SUMMARY_COLUMNS}, size, text)`
  // It asks for the epoch by itself, and so may be a transaction of its own.
  const writeOne = database.prepare(
    `REPLACE INTO ${columns} SELECT ?, ?, ?, ?, epoch, ?, ?, ?, ?, ? FROM owner WHERE id = 1 AND epoch = ${epoch}`,
  )
  const writeMany = database.prepare(`REPLACE INTO ${columns} VALUES ${Array(MANY).fill(row).join()}`)
  /** Only the owner writes, so what it has read or written stays true while its epoch is the newest. */
  const heads = new Map<string, Head>()

  function headOf(key: string): Head {
    const known = heads.get(key)
    if (known !== undefined) return known
    // The cast says what the statement selects.
    const stored = find.get(toColumn(key)) as Head | undefined
    const head: Head = stored === undefined ? { id: 0, sequence: 0 } : { ...stored }
    if (stored !== undefined) remember(key, head)
    return head
  }

  function remember(key: string, head: Head): void {
    if (heads.size >= MOST_HEADS) heads.clear()
    heads.set(key, head)
  }

  /** Decides on a request; the values of the row to be written for it go to the end of `values`. */
  function accept(request: CommitRequest, values: SqliteValue[]): CommitOutcome {
    const error = requestError(request)
    if (error !== undefined) return { ok: false, error }
    const { key, service, version, sequence, savedAtMs, phase, wakeAtMs = null, text } = request
    let head = headOf(key)
    if (sequence !== head.sequence + 1) {
      return { ok: false, error: new SequenceError(sequence, head.sequence, { key, service }) }
    }
    if (head.sequence === 0) {
      head = { id: Number(insert.run(toColumn(key)).lastInsertRowid), sequence }
      remember(key, head)
    }
    head.sequence = sequence
    const id = (sequence % keep) * STRIDE + head.id
    values.push(id, service, version, sequence, savedAtMs, phase, wakeAtMs, text.length, text)
    return ACCEPTED
  }

  function checkEpoch(): void {
    // The cast says what the statement selects.
    const current = (epochRow.get() as { epoch: number } | undefined)?.epoch ?? 0
    if (current !== epoch) throw new StaleEpochError(epoch, current)
  }

  return {
    /** @throws {StaleEpochError} a newer claim exists */
    checkEpoch,
    /** Whether it takes one statement at the most, which is a transaction of its own. */
    isOneStatement(batch: readonly CommitRequest[]): boolean {
      const [request] = batch
      return (
        batch.length === 1 &&
        request !== undefined &&
        heads.get(request.key)?.sequence === request.sequence - 1
      )
    },
    /** @throws {StaleEpochError} a newer claim exists */
    commit(batch: readonly CommitRequest[]): readonly CommitOutcome[] {
      const outcomes: CommitOutcome[] = []
      // One list for the rows of a statement: a list for each, laid together, would cost a third of the commit.
      const values: SqliteValue[] = []
      for (const request of batch) {
        outcomes.push(accept(request, values))
        if (values.length < MANY * ROW_VALUES) continue
        writeMany.run(...values)
        values.length = 0
      }
      for (let at = 0; at < values.length; at += ROW_VALUES) {
        if (writeOne.run(...values.slice(at, at + ROW_VALUES)).changes === 0) checkEpoch()
      }
      return outcomes
    },
    /** Forgets what was remembered of one key, or of all after a rollback. */
    forget(key?: string): void {
      if (key === undefined) heads.clear()
      else heads.delete(key)
    },
  }
}
