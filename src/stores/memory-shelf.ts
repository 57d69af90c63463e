import type {
  CheckpointSummary,
  QuarantinedCheckpoint,
  StoredCheckpoint,
  StoreOwner,
  StoreReader,
} from '../ports/store.js'
import { checkKey } from './keys.js'
import { type Page, resolvePage } from './options.js'

/** Everything that a memory store holds; it outlives its claims. */
export interface Shelf {
  /** By key, newest first, never empty. */
  readonly checkpoints: Map<string, readonly StoredCheckpoint[]>
  /** All keys in order; undefined after a key came or went. */
  sortedKeys: string[] | undefined
  quarantined: readonly QuarantinedCheckpoint[]
  owner: StoreOwner | undefined
  /** Whether the owner still holds it. */
  held: boolean
}

/** The reading half; `checkOpen` throws when it was closed. */
export function readShelf(shelf: Shelf, checkOpen: () => void): Omit<StoreReader, 'close'> {
  return {
    async load(key) {
      checkOpen()
      checkKey(key)
      return shelf.checkpoints.get(key)?.[0]
    },
    async history(key) {
      checkOpen()
      checkKey(key)
      return shelf.checkpoints.get(key) ?? []
    },
    async list(page) {
      checkOpen()
      return listShelf(shelf, page)
    },
    async quarantined() {
      checkOpen()
      return shelf.quarantined
    },
    async owner() {
      checkOpen()
      return shelf.owner
    },
  }
}

function listShelf(shelf: Shelf, page: Page | undefined): CheckpointSummary[] {
  const { after, limit } = resolvePage(page)
  shelf.sortedKeys ??= [...shelf.checkpoints.keys()].sort()
  const first = firstAfter(shelf.sortedKeys, after)
  return shelf.sortedKeys.slice(first, first + limit).flatMap((key) => {
    const newest = shelf.checkpoints.get(key)?.[0]
    return newest === undefined ? [] : [summarize(newest)]
  })
}

/** Everything but the text. */
export function summarize({ text, ...rest }: StoredCheckpoint): CheckpointSummary {
  return { ...rest, size: text.length }
}

/** The index of the first text greater than `after`, in a sorted array. */
export function firstAfter(sorted: readonly string[], after: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? '') <= after) low = middle + 1
    else high = middle
  }
  return low
}
