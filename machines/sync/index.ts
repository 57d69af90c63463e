import { defineService } from 'tardigrade'
import type { Resolver } from './conflict.js'
import { makeSyncMachine } from './machine.js'
import type { SyncOptions } from './tasks.js'

export { createTables, discardChanges, recordChange } from './changes.js'
export type { ConflictPolicy, Resolver, Side, Verdict } from './conflict.js'
export type { SyncEmitted, SyncEvent, SyncInput } from './machine.js'
export type { Page, RemoteRow } from './protocol.js'
export type { Change, Row, RowData, Tables } from './tables.js'

/**
 * A service that keeps a local SQLite table and a server's table in step, through failures, restarts and
 * conflicts.
 *
 * @param options `policies`: conflict policies of your own, by the name that `input.policy` gives;
 * `credentials`: headers for each request that are not stored; `now`: `Date.now` by default
 *
 * @example
 * ```ts
 * const sync = makeSync({
 *   policies: { longer: (ours, theirs) => (sizeOf(ours.data) > sizeOf(theirs.data) ? 'ours' : 'theirs') },
 * })
 * const service = await supervisor.start(sync, {
 *   input: { url: 'https://example.org/notes', database: 'app.db', table: 'notes', policy: 'longer' },
 * })
 * recordChange(database, 'notes', { id: 'n1', data: { text: 'Buy milk' } })
 * await service.send({ type: 'SYNC_NOW' })
 * ```
 */
export function makeSync<TPolicy extends string = never>({
  policies,
  credentials = () => ({}),
  now = Date.now,
}: Partial<Omit<SyncOptions, 'policies'>> & {
  readonly policies?: Readonly<Record<TPolicy, Resolver>>
} = {}) {
  return defineService({
    id: 'sync',
    version: 1,
    machine: makeSyncMachine<TPolicy>({ policies: policies ?? {}, credentials, now }),
    pauseOn: ['offline', 'low-battery'],
    // A sync that fell due during an interruption is made up for at once.
    timers: 'deadline',
  })
}

export default makeSync()
