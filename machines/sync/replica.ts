import type { Resolver } from './conflict.js'
import { inTransaction } from './database.js'
import type { Page, RemoteRow } from './protocol.js'
import type { Change, Row, Tables } from './tables.js'

/** How many rows came in, and how many of them were changed on both sides. */
export interface Applied {
  readonly applied: number
  readonly conflicts: number
}

/** A change as it is sent: the key stands for exactly this content on this base. */
export interface Outgoing extends Change {
  readonly baseVersion: number
  readonly idempotencyKey: string
}

function outgoing(change: Change, row: Row | undefined): Outgoing {
  const baseVersion = row?.version ?? 0
  return { ...change, baseVersion, idempotencyKey: `${change.key}@${baseVersion}` }
}

/** The oldest local change, or undefined. */
export function nextOutgoing(tables: Tables): Outgoing | undefined {
  const [change] = tables.changes({ limit: 1 })
  return change && outgoing(change, tables.row(change.id))
}

/**
 * Applies a page and moves the cursor, both or neither. A page that was applied already, or that was
 * fetched from another cursor than the one that is stored, changes nothing.
 */
export function applyPage(tables: Tables, from: string | undefined, page: Page, resolve: Resolver): Applied {
  return inTransaction(tables.database, () => {
    if (tables.cursor() !== from) return { applied: 0, conflicts: 0 }
    const outcomes = page.changes.map((remote) => applyRow(tables, remote, resolve))
    tables.setCursor(page.cursor)
    return {
      applied: outcomes.filter((outcome) => outcome !== 'known').length,
      conflicts: outcomes.filter((outcome) => outcome === 'conflict').length,
    }
  })
}

/** Notes that the server took a change; later changes of the row are based on the new version. */
export function acknowledge(tables: Tables, change: Outgoing, version: number): void {
  inTransaction(tables.database, () => {
    const row = tables.row(change.id)
    if (row === undefined || !isStillNext(tables, change, row)) return
    tables.removeChange(change.key)
    tables.putRow({ ...row, version })
  })
}

/** Takes in the server's version of a row whose change it refused; true when both sides had changed it. */
export function settleConflict(
  tables: Tables,
  change: Outgoing,
  current: RemoteRow,
  resolve: Resolver,
): boolean {
  return inTransaction(tables.database, () => {
    const row = tables.row(change.id)
    if (row === undefined || !isStillNext(tables, change, row)) return false
    return takeIn(tables, current, resolve) === 'conflict'
  })
}

/** An answer that comes late, to a run that has a successor, must not undo what that one did. */
function isStillNext(tables: Tables, { id, key, baseVersion }: Outgoing, row: Row): boolean {
  const [first] = tables.changes({ id, limit: 1 })
  return first?.key === key && row.version === baseVersion
}

function applyRow(tables: Tables, remote: RemoteRow, resolve: Resolver): 'known' | 'applied' | 'conflict' {
  const row = tables.row(remote.id)
  const isPending = tables.changes({ id: remote.id, limit: 1 }).length > 0
  // The same version once more may carry what the server made of our change, unless we have changed it since.
  const known =
    row !== undefined && (remote.version < row.version || (isPending && remote.version === row.version))
  return known ? 'known' : takeIn(tables, remote, resolve)
}

function takeIn(tables: Tables, remote: RemoteRow, resolve: Resolver): 'applied' | 'conflict' {
  const { id, version, data, changedAtMs } = remote
  const row = tables.row(id)
  const changes = tables.changes({ id })
  const [first] = changes
  const last = changes.at(-1)
  if (row === undefined || first === undefined || last === undefined) {
    tables.putRow({ id, version, data, changedAtMs })
    return 'applied'
  }
  if (remote.key === outgoing(first, row).idempotencyKey) {
    // Our own change comes back, because its acknowledgement was lost.
    tables.removeChange(first.key)
    tables.putRow({ ...row, version })
    return 'applied'
  }
  const verdict = resolve(row, remote, id)
  tables.removeChangesOf(id)
  if (verdict === 'theirs') {
    tables.putRow({ id, version, data, changedAtMs })
    return 'conflict'
  }
  // What is left of our changes is one, on the new base; with the base its idempotency key is new too.
  const ours =
    verdict === 'ours'
      ? { data: row.data, changedAtMs: row.changedAtMs }
      : { data: verdict.data, changedAtMs: Math.max(row.changedAtMs, changedAtMs) }
  tables.putRow({ id, version, ...ours })
  tables.addChange({ key: last.key, id, ...ours })
  return 'conflict'
}
