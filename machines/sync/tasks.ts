import { type TaskScope, task } from 'tardigrade'
import { reasonOf } from '../outbox/answer.js'
import type { Credentials } from '../outbox/deliver.js'
import { createTables } from './changes.js'
import { type Resolver, resolverOf } from './conflict.js'
import { openDatabase } from './database.js'
import { fetchPage, pushChange, RefusedError, type Source } from './protocol.js'
import { acknowledge, applyPage, nextOutgoing, settleConflict } from './replica.js'
import type { Tables } from './tables.js'

/** How far a half of a sync has come; for information, since a crash can leave the last step uncounted. */
export interface Count {
  readonly rows: number
  readonly conflicts: number
}

/** What became of a half of a sync. */
export type Outcome =
  | { readonly kind: 'done'; readonly count: Count; readonly isPending: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** Why it did not work. */
export interface Failure {
  readonly reason: string
  /** Trying again would not help. */
  readonly isPermanent: boolean
  readonly retryAfterMs: number
}

/** What a sync works on, with all defaults filled in. */
export interface Work {
  readonly url: string
  readonly database: string
  readonly table: string
  readonly policy: string
  readonly pageSize: number
  readonly timeoutMs: number
}

/** What a sync needs from outside. */
export interface SyncOptions {
  /** Conflict policies of your own, by name. */
  readonly policies: Readonly<Record<string, Resolver>>
  readonly credentials: Credentials
  /** Milliseconds since 1970. */
  readonly now: () => number
}

interface Bench {
  readonly tables: Tables
  readonly source: Source
  readonly resolve: Resolver
}

/** One unit of work, small enough to be done again: its result, or undefined when nothing is left. */
type Turn = (bench: Bench, work: Work) => Promise<(Count & { readonly isLast: boolean }) | undefined>

/** Pulls page by page. Where to go on stands in the database, beside the rows, and nowhere else. */
export const makePull = (options: SyncOptions) =>
  half(options, async ({ tables, source, resolve }, { pageSize }) => {
    const cursor = tables.cursor()
    const page = await fetchPage(source, cursor, pageSize)
    const { applied, conflicts } = applyPage(tables, cursor, page, resolve)
    return { rows: applied, conflicts, isLast: !page.more }
  })

/** Pushes change by change, in the order in which they were made. */
export const makePush = (options: SyncOptions) =>
  half(options, async ({ tables, source, resolve }) => {
    const change = nextOutgoing(tables)
    if (change === undefined) return undefined
    const answer = await pushChange(source, change)
    if ('version' in answer) {
      acknowledge(tables, change, answer.version)
      return { rows: 1, conflicts: 0, isLast: false }
    }
    const isConflict = settleConflict(tables, change, answer.current, resolve)
    return { rows: 0, conflicts: isConflict ? 1 : 0, isLast: false }
  })

function half(options: SyncOptions, turn: Turn) {
  return task<Outcome, Work, Count>(async (scope) => {
    try {
      return await run(options, turn, scope)
    } catch (error) {
      const refused = error instanceof RefusedError ? error : undefined
      const { isPermanent = false, retryAfterMs = 0 } = refused ?? {}
      return { kind: 'failed', failure: { reason: reasonOf(error), isPermanent, retryAfterMs } }
    }
  })
}

async function run(
  { policies, credentials, now }: SyncOptions,
  turn: Turn,
  { input, progress, signal }: TaskScope<Work, Count>,
): Promise<Outcome> {
  const { url, timeoutMs } = input
  const resolve = resolverOf(input.policy, policies)
  const database = await openDatabase(input.database)
  try {
    const tables = createTables(database, input.table)
    const bench = { tables, source: { url, timeoutMs, signal, credentials, now }, resolve }
    let count = progress.value ?? { rows: 0, conflicts: 0 }
    for (;;) {
      const result = await turn(bench, input)
      if (result !== undefined) {
        count = { rows: count.rows + result.rows, conflicts: count.conflicts + result.conflicts }
      }
      if (result === undefined || result.isLast) {
        return { kind: 'done', count, isPending: tables.changes({ limit: 1 }).length > 0 }
      }
      // Here an interruption ends the task, between two units of work.
      await progress.set(count)
    }
  } finally {
    database.close()
  }
}
