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

/** Whose turn it is to write, under `WRITER`; and the last epochs that are over, each under a name of its own. */
interface Turn {
  readonly id: string
  readonly epoch: number
}

/** Where the epoch that writes stands. */
export const WRITER = 'writer'

/** What the database holds. IndexedDB orders texts by their code units, as `list` promises. */
export interface Schema extends DBSchema {
  /** By key: what `list` tells, so that it opens no text. */
  newest: { key: string; value: CheckpointSummary }
  /** By key and place: each key has a ring of `keep` places, so that writing one makes room for it. */
  checkpoint: { key: [string, number]; value: StoredCheckpoint }
  quarantine: { key: number; value: QuarantinedCheckpoint; indexes: { key: string } }
  owner: { key: typeof OWNER; value: StoreOwner & { readonly keep: number } }
  /**
   * No epoch stands here twice: a commit writes its own as that of the writer, which fails where it stands among those that are
   * over, and takes the transaction with it. So a commit need not read first, and once it is asked for, it comes to its end
   * without the page, which may freeze at any moment.
   */
  turn: { key: string; value: Turn; indexes: { epoch: number } }
}

/** Every store of the database, for transactions over all. */
export const STORES = ['newest', 'checkpoint', 'quarantine', 'owner', 'turn'] as const

/** Every place of a key's ring. */
export function ringOf(key: string): IDBKeyRange {
  return IDBKeyRange.bound([key, 0], [key, Number.MAX_SAFE_INTEGER])
}

/** The place of a sequence in its key's ring. */
export function placeOf(key: string, sequence: number, keep: number): [string, number] {
  return [key, sequence % keep]
}
