import type {
  CheckpointSummary,
  Phase,
  QuarantinedCheckpoint,
  StoredCheckpoint,
  StoreOwner,
} from '../../ports/store.js'
import { fromColumn } from '../key-order.js'

/** The columns of a summary, without the key; the driver reads these types as numbers. */
export const SUMMARY_COLUMNS =
  'service, version::float8, sequence::float8, epoch::float8, saved_at, phase, wake_at'

interface SummaryRow {
  key: string
  service: string
  version: number
  sequence: number
  epoch: number
  saved_at: number
  phase: Phase
  wake_at: number | null
}

// The casts below say what the tables' NOT NULLs and this library's own statements guarantee.

export function toCheckpoint(row: unknown): StoredCheckpoint {
  return { ...summaryOf(row as SummaryRow), text: (row as { text: string }).text }
}

export function toSummary(row: unknown): CheckpointSummary {
  return { ...summaryOf(row as SummaryRow), size: (row as { size: number }).size }
}

export function toQuarantined(row: unknown): QuarantinedCheckpoint {
  const { reason, quarantined_at } = row as { reason: string; quarantined_at: number }
  return { ...toCheckpoint(row), reason, quarantinedAtMs: quarantined_at }
}

export function toOwner(row: unknown): StoreOwner {
  const { epoch, pid, claimed_at } = row as { epoch: number; pid: number; claimed_at: number }
  return { epoch, pid, claimedAtMs: claimed_at }
}

function summaryOf(row: SummaryRow) {
  return {
    key: fromColumn(row.key),
    service: row.service,
    version: row.version,
    sequence: row.sequence,
    epoch: row.epoch,
    savedAtMs: row.saved_at,
    phase: row.phase,
    wakeAtMs: row.wake_at ?? undefined,
  }
}
