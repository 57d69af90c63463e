import type {
  CheckpointSummary,
  Phase,
  QuarantinedCheckpoint,
  StoredCheckpoint,
  StoreOwner,
} from '../ports/store.js'
import { fromColumn } from './key-order.js'

/** The columns that both tables of checkpoints have, in the schema's order. */
export const SUMMARY_COLUMNS = 'service, version, sequence, epoch, saved_at, phase, wake_at'

interface SummaryRow {
  service: string
  version: number
  sequence: number
  epoch: number
  saved_at: number
  phase: Phase
  wake_at: number | null
}

// The casts below say what the schema's NOT NULLs and this library's own statements guarantee.

/** A row with the summary's columns and `text`. */
export function toCheckpoint(row: unknown, key: string): StoredCheckpoint {
  const checkpoint = row as SummaryRow & { text: string }
  return { key, ...summaryOf(checkpoint), text: checkpoint.text }
}

/** A row of the view `newest`. */
export function toSummary(row: unknown): CheckpointSummary {
  const newest = row as SummaryRow & { key: string; size: number }
  return { key: fromColumn(newest.key), ...summaryOf(newest), size: newest.size }
}

/** A row of `quarantine`. */
export function toQuarantined(row: unknown): QuarantinedCheckpoint {
  const { key, reason, quarantined_at } = row as { key: string; reason: string; quarantined_at: number }
  return { ...toCheckpoint(row, fromColumn(key)), reason, quarantinedAtMs: quarantined_at }
}

/** The row of `owner`, with how many checkpoints its ring has; undefined before the first claim. */
export function toOwner(row: unknown): (StoreOwner & { readonly keep: number }) | undefined {
  if (row === undefined) return undefined
  const { epoch, pid, claimed_at, keep } = row as {
    epoch: number
    pid: number
    claimed_at: number
    keep: number
  }
  return { epoch, pid, claimedAtMs: claimed_at, keep }
}

function summaryOf(row: SummaryRow) {
  return {
    service: row.service,
    version: row.version,
    sequence: row.sequence,
    epoch: row.epoch,
    savedAtMs: row.saved_at,
    phase: row.phase,
    wakeAtMs: row.wake_at ?? undefined,
  }
}
