import { randomBytes } from 'node:crypto'
import { lstat, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { codesOf } from './failures.js'
import type { KeyFolders } from './file-folders.js'
import { encodeFile } from './file-format.js'
import { type FilePlaces, hasNoText, namesIn, temporaryPath, writeWhole } from './file-io.js'
import { entriesOf, fileNameOf, nameOf } from './file-name.js'
import { AS_IT_IS, readCheckpoint } from './file-read.js'
import { syncFolderLater } from './sync.js'

/** Sets the checkpoint aside; nothing when there is none with this sequence. Durable when it resolves. */
export async function quarantineFile(
  places: FilePlaces,
  keyFolders: KeyFolders,
  key: string,
  sequence: number,
  reason: string,
  atMs: number,
): Promise<void> {
  const name = nameOf(key)
  const folder = join(places.checkpoints, name)
  const entry = entriesOf(await namesIn(folder)).find((found) => found.sequence === sequence)
  const checkpoint = entry && (await readCheckpoint(folder, entry, key))
  if (entry === undefined || checkpoint === undefined) {
    // It may be gone by an attempt whose last sync failed.
    return syncIfThere(folder)
  }

  const aside = join(places.quarantine, name)
  await keyFolders.make([aside])
  // The same sequence can be set aside more than once, and none may overwrite another.
  const file = `${randomBytes(4).toString('hex')}-${fileNameOf(sequence, entry.epoch)}`
  await writeWhole(places, join(aside, file), encodeFile({ ...checkpoint, reason, quarantinedAtMs: atMs }))
  await syncFolderLater(aside)
  // Only now: a power cut in between leaves it in both places, never in none.
  await takeAway(join(folder, entry.name), join(aside, `${file}${AS_IT_IS}`))
  await syncFolderLater(folder)
}

/** Deletes the file; what was set aside without its text is kept, as it is, beside that: somebody's folder, or what no string holds. */
async function takeAway(path: string, kept: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (found !== undefined && hasNoText(found)) await rename(path, kept)
  else await rm(path, { force: true })
}

/** Deletes all of a key. Durable when it resolves. */
export async function removeFiles(places: FilePlaces, keyFolders: KeyFolders, key: string): Promise<void> {
  const name = nameOf(key)
  for (const parent of [places.quarantine, places.checkpoints]) {
    const doomed = temporaryPath(places)
    keyFolders.forget(join(parent, name))
    try {
      // One rename, so that a crash leaves all of it or nothing; the next claim empties the rest.
      await rename(join(parent, name), doomed)
    } catch (error) {
      // It may be gone by an attempt whose sync failed, so that its parent is synced all the same.
      if (codesOf(error).code !== 'ENOENT') throw error
    }
    await syncFolderLater(parent)
    await rm(doomed, { recursive: true, force: true })
  }
}

async function syncIfThere(folder: string): Promise<void> {
  try {
    await syncFolderLater(folder)
  } catch (error) {
    if (codesOf(error).code !== 'ENOENT') throw error
  }
}
