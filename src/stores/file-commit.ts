import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { SequenceError, StaleEpochError } from '../errors/store.js'
import type { CommitOutcome, CommitRequest } from '../ports/store.js'
import type { KeyFolders } from './file-folders.js'
import { encodeFile } from './file-format.js'
import { type FilePlaces, namesIn, writeTemporary } from './file-io.js'
import { entriesOf, fileNameOf, nameOf } from './file-name.js'
import { type CheckPlace, staleErrorOf } from './file-place.js'
import { requestError } from './keys.js'
import { syncFolderLater } from './sync.js'
import { inTurns } from './turns.js'

/** A checkpoint that is to be put in its place. */
interface Write {
  readonly request: CommitRequest
  readonly folder: string
  readonly path: string
}

/**
 * Writes a batch: all files durable under temporary names, then each renamed, then the folders durable.
 * Where that fails on the way, what was renamed is taken back.
 * @throws {StaleEpochError} a newer claim exists
 * @throws {StoreGoneError} somebody has deleted, moved or replaced the store
 */
export async function commitFiles(
  places: FilePlaces,
  checkPlace: CheckPlace,
  keyFolders: KeyFolders,
  batch: readonly CommitRequest[],
  epoch: number,
  keep: number,
): Promise<readonly CommitOutcome[]> {
  await checkPlace()
  const { outcomes, writes } = await decide(places, batch, epoch)
  const folders = [...new Set(writes.map(({ folder }) => folder))]
  await keyFolders.make(folders)
  await placeAll(places, writes, folders, epoch, checkPlace)
  // The batch is durable: one that cannot be pruned is left for the next commit.
  await inTurns(folders, (folder) => prune(folder, keep).catch(() => {}))
  return outcomes
}

async function decide(places: FilePlaces, batch: readonly CommitRequest[], epoch: number) {
  const outcomes: CommitOutcome[] = []
  const writes: Write[] = []
  const sequences = new Map<string, number>()
  for (const request of batch) {
    const error = requestError(request)
    if (error !== undefined) {
      outcomes.push({ ok: false, error })
      continue
    }
    const { key, service, sequence } = request
    const folder = join(places.checkpoints, nameOf(key))
    const stored = sequences.get(key) ?? entriesOf(await namesIn(folder))[0]?.sequence ?? 0
    if (sequence !== stored + 1) {
      outcomes.push({ ok: false, error: new SequenceError(sequence, stored, { key, service }) })
      continue
    }
    sequences.set(key, sequence)
    writes.push({ request, folder, path: join(folder, fileNameOf(sequence, epoch)) })
    outcomes.push({ ok: true })
  }
  return { outcomes, writes }
}

async function placeAll(
  places: FilePlaces,
  writes: readonly Write[],
  folders: readonly string[],
  epoch: number,
  checkPlace: CheckPlace,
): Promise<void> {
  const left: string[] = []
  try {
    const temporary = await inTurns(writes, async ({ request }) => {
      const path = await writeTemporary(places, encodeFile({ ...request, epoch }))
      left.push(path)
      return path
    })
    // In order, so that a batch with two checkpoints of a key never leaves a gap.
    for (const [index, { path }] of writes.entries()) {
      left.push(path)
      await rename(temporary[index] ?? '', path)
    }
    await inTurns(folders, syncFolderLater)
    // Again: if a newer owner came meanwhile, either it has seen these files or this sees its epoch.
    await checkPlace()
  } catch (error) {
    // A newer owner may have loaded them already and gone on from there; if it has not, it outranks them.
    const stale = error instanceof StaleEpochError ? error : await staleErrorOf(checkPlace)
    if (stale !== undefined) throw stale
    await Promise.allSettled(left.map((path) => rm(path, { force: true })))
    throw error
  }
}

/** Deletes what is older than the last `keep` sequences. It needs no fsync: coming back after a power cut does no harm. */
async function prune(folder: string, keep: number): Promise<void> {
  const names = await namesIn(folder)
  const entries = entriesOf(names)
  const oldest = (entries[0]?.sequence ?? 0) - keep + 1
  const kept = new Set(entries.filter(({ sequence }) => sequence >= oldest).map(({ name }) => name))
  for (const name of names) if (!kept.has(name)) await rm(join(folder, name), { force: true })
}
