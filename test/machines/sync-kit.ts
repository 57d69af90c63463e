import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Service } from 'tardigrade'
import { openDatabase } from '../../machines/sync/database.js'
import {
  createTables,
  type makeSync,
  type RowData,
  recordChange,
  type SyncEmitted,
  type Tables,
} from '../../machines/sync/index.js'
import { settle } from '../kit/clock.js'
import type { RowServer } from './sync-server.js'

export type SyncService = Service<ReturnType<typeof makeSync<string>>['machine']>

/** The application's side: a database file of its own, and a connection to it. */
export interface LocalSide extends Disposable {
  readonly path: string
  readonly tables: Tables
  edit(id: string, data: RowData | null, atMs?: number): void
}

export async function localSide(): Promise<LocalSide> {
  const folder = mkdtempSync(join(tmpdir(), 'sync-'))
  const path = join(folder, 'app.db')
  const database = await openDatabase(path)
  const tables = createTables(database, 'notes')
  return {
    path,
    tables,
    edit: (id, data, atMs = 0) => recordChange(database, 'notes', { id, data, atMs }),
    [Symbol.dispose]() {
      database.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** The input of a sync between the two. */
export function between(local: LocalSide, server: RowServer) {
  return {
    url: `${server.http.url}/notes`,
    database: local.path,
    table: 'notes',
    policy: 'server-wins',
  } as const
}

/** Both sides as comparable data: what is there, without tombstones. */
export function contents(side: LocalSide | RowServer): Record<string, { version: number; data: RowData }> {
  const rows = 'tables' in side ? side.tables.rows() : [...side.rows.values()]
  return Object.fromEntries(
    rows
      .flatMap(({ id, version, data }) => (data === null ? [] : [[id, { version, data }] as const]))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

export const stateOf = (service: SyncService): unknown => service.machine.getSnapshot().value

/** Resolves in this state; real servers answer in their own time. */
export async function reaches(service: SyncService, state: string): Promise<void> {
  while (stateOf(service) !== state) await settle()
}

export function heard(service: SyncService): SyncEmitted[] {
  const events: SyncEmitted[] = []
  service.machine.on('*', (event) => void events.push(event))
  return events
}
