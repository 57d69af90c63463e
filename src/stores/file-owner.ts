import * as v from 'valibot'
import { NewerStoreError, StoreDamagedError } from '../errors/store.js'
import type { StoreOwner } from '../ports/store.js'
import { FORMAT } from './file-format.js'
import { type FilePlaces, namesIn, textOf, writeWhole } from './file-io.js'
import { syncFolderLater } from './sync.js'

const schema = v.object({ format: v.number(), epoch: v.number(), pid: v.number(), claimedAtMs: v.number() })

/**
 * Who holds the store, or held it last; undefined before the first claim.
 * @throws {StoreDamagedError} its record cannot be read
 * @throws {NewerStoreError} it was written by newer code
 */
export async function readOwner(places: FilePlaces): Promise<StoreOwner | undefined> {
  const text = await textOf(places.owner)
  return text === undefined ? undefined : parseOwner(places, text)
}

/** The owner that this text records. */
export function parseOwner(places: FilePlaces, text: string): StoreOwner {
  const parsed = v.safeParse(schema, parseJson(text))
  if (!parsed.success) throw new StoreDamagedError(places.root, `${places.owner} is damaged`)
  const { format, ...owner } = parsed.output
  if (format > FORMAT) throw new NewerStoreError(places.root, format, FORMAT)
  return owner
}

/** Writes this process down as the owner and gives its epoch, greater than all before. Durable when it resolves. */
export async function takeFileEpoch(places: FilePlaces, claimedAtMs: number): Promise<number> {
  const last = await readOwner(places)
  if (last === undefined && (await namesIn(places.checkpoints)).length > 0) {
    // Starting again at 1 would put new checkpoints below the old ones.
    throw new StoreDamagedError(places.root, `it holds checkpoints, and ${places.owner} is gone`)
  }
  const owner: StoreOwner = { epoch: (last?.epoch ?? 0) + 1, pid: process.pid, claimedAtMs }
  await writeWhole(places, places.owner, `${JSON.stringify({ format: FORMAT, ...owner })}\n`)
  await syncFolderLater(places.root)
  return owner.epoch
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
