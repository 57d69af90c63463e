import type { DBSchema } from 'idb'
import type {
  CheckpointSummary,
  QuarantinedCheckpoint,
  StoredCheckpoint,
  StoreOwner,
} from '../../ports/store.js'

/** Version of the database; one that is newer is never read. */
export const FORMAT = 1

/** The one record of `owner`. */
export const OWNER = 'owner'

/** What the database holds. IndexedDB orders texts by their code units, as `list` promises. */
export interface Schema extends DBSchema {
  /** By key: what `list` tells, so that it opens no text. */
  newest: { key: string; value: CheckpointSummary }
  /** By key and sequence. */
  checkpoint: { key: [string, number]; value: StoredCheckpoint }
  quarantine: { key: number; value: QuarantinedCheckpoint; indexes: { key: string } }
  owner: { key: typeof OWNER; value: StoreOwner }
  /**
   * The epochs that are over, each written by the claim that followed. A commit adds its own epoch and takes it away again:
   * adding fails where it is there, and takes the transaction with it. So a commit need not read first, and once it is
   * asked for, it comes to its end without the page, which may freeze at any moment.
   */
  over: { key: number; value: true }
}

/** Every store of the database, for transactions over all. */
export const STORES = ['newest', 'checkpoint', 'quarantine', 'owner', 'over'] as const

/** Range of the checkpoints of a key up to a sequence. */
export function rangeOf(key: string, upTo: number = Number.MAX_SAFE_INTEGER): IDBKeyRange {
  return IDBKeyRange.bound([key, 0], [key, upTo])
}
