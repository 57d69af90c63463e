import * as v from 'valibot'
import { NewerStoreError, StoreDamagedError } from '../errors/store.js'
import type { StoreOwner } from '../ports/store.js'
import { DAMAGED_FOLDER_REMEDY } from './damaged-remedies.js'
import { FORMAT } from './file-format.js'
import { type FilePlaces, namesIn, textOf, writeWhole } from './file-io.js'
import type { ResolvedStoreOptions } from './options.js'
import { syncFolderLater } from './sync.js'

const schema = v.object({
  format: v.number(),
  epoch: v.number(),
  pid: v.number(),
  claimedAtMs: v.number(),
  keep: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
})

/** An owner, and how many checkpoints a key keeps, where it was written down. */
interface OwnerRecord {
  readonly owner: StoreOwner
  readonly keep: number | undefined
}

/**
 * Who holds the store, or held it last; undefined before the first claim.
 * @throws {StoreDamagedError} its record cannot be read
 * @throws {NewerStoreError} it was written by newer code
 */
export async function readOwner(places: FilePlaces): Promise<StoreOwner | undefined> {
  return (await readRecord(places))?.owner
}

/** The owner that this text records. @throws as `readOwner` does */
export function parseOwner(places: FilePlaces, text: string): StoreOwner {
  return parseRecord(places, text).owner
}

/**
 * Writes this process down as the owner and gives its epoch, greater than all before, and how many checkpoints a
 * key keeps: what this owner asked for, else what the last one did. Durable when it resolves.
 */
export async function takeFileEpoch(
  places: FilePlaces,
  options: ResolvedStoreOptions,
): Promise<{ readonly epoch: number; readonly keep: number }> {
  const last = await readRecord(places)
  if (last === undefined && (await namesIn(places.checkpoints)).length > 0) {
    // Starting again at 1 would put new checkpoints below the old ones.
    throw new StoreDamagedError(
      places.root,
      `it holds checkpoints, and ${places.owner} is gone`,
      {},
      DAMAGED_FOLDER_REMEDY,
    )
  }
  const epoch = (last?.owner.epoch ?? 0) + 1
  // Written down where somebody asked for it: the default is no wish.
  const keep = options.keepGiven ? options.keep : last?.keep
  const record = { format: FORMAT, epoch, pid: process.pid, claimedAtMs: options.now(), keep }
  await writeWhole(places, places.owner, `${JSON.stringify(record)}\n`)
  await syncFolderLater(places.root)
  return { epoch, keep: keep ?? options.keep }
}

async function readRecord(places: FilePlaces): Promise<OwnerRecord | undefined> {
  const text = await textOf(places.owner)
  return text === undefined ? undefined : parseRecord(places, text)
}

function parseRecord(places: FilePlaces, text: string): OwnerRecord {
  const parsed = v.safeParse(schema, parseJson(text))
  if (!parsed.success)
    throw new StoreDamagedError(places.root, `${places.owner} is damaged`, {}, DAMAGED_FOLDER_REMEDY)
  const { format, keep, ...owner } = parsed.output
  if (format > FORMAT) throw new NewerStoreError(places.root, format, FORMAT)
  return { owner, keep }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
