import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StoreGoneError } from '../errors/store-doubt.js'
import type { StoreClaim } from '../ports/store.js'
import { storeError } from './failures.js'
import { commitFiles } from './file-commit.js'
import { KeyFolders } from './file-folders.js'
import { type FilePlaces, makeOwnFolder, namesIn, temporaryPath } from './file-io.js'
import { parseOwner, takeFileEpoch } from './file-owner.js'
import { filePlaceOf, staleErrorOf } from './file-place.js'
import { fileReader } from './file-reader.js'
import { quarantineFile, removeFiles } from './file-removal.js'
import { checkKey, keepable } from './keys.js'
import { latch } from './latch.js'
import type { FolderLock } from './lock.js'
import type { ResolvedStoreOptions } from './options.js'

/** Makes the store's folders, takes the next epoch and gives the claim; closing it drops the lock. */
export async function claimFiles(
  shared: FilePlaces,
  lock: FolderLock,
  options: ResolvedStoreOptions,
): Promise<StoreClaim> {
  for (const folder of [shared.checkpoints, shared.quarantine, shared.temporary]) {
    await makeOwnFolder(shared.root, folder)
  }
  const keyFolders = await KeyFolders.settle(shared)
  // Only now: a folder that a killed owner had moved there must not come back with a part of its files.
  for (const name of await namesIn(shared.temporary)) {
    await rm(join(shared.temporary, name), { recursive: true, force: true })
  }
  // All that an owner puts into a place, or takes out of one, goes through a folder of its own: when that is gone, one that
  // wakes in the middle of a write can do neither.
  const places = { ...shared, temporary: temporaryPath(shared) }
  await makeOwnFolder(places.root, places.temporary)
  const { epoch, keep } = await takeFileEpoch(places, options)
  const checkPlace = filePlaceOf(places, epoch)
  const closing = latch(places.root)
  /** What lies in the folder since is another store, or none: nobody takes it for this one. */
  let gone: StoreGoneError | undefined
  const usable = {
    check() {
      closing.check()
      if (gone !== undefined) throw gone
    },
  }
  let last: Promise<unknown> = Promise.resolve()

  /** One write after another: each looks at what the one before left. */
  async function inOrder<T>(work: () => Promise<T>): Promise<T> {
    usable.check()
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    try {
      return await mine
    } catch (error) {
      if (error instanceof StoreGoneError) gone ??= error
      throw storeError(places.root, (await staleErrorOf(checkPlace)) ?? error)
    }
  }

  return {
    ...fileReader(places, usable),
    epoch,
    commit: (batch) => inOrder(() => commitFiles(places, checkPlace, keyFolders, batch, epoch, keep)),
    async quarantine(key, sequence, reason) {
      checkKey(key)
      await inOrder(async () => {
        await checkPlace()
        await quarantineFile(places, keyFolders, key, sequence, keepable(reason), options.now())
        await checkPlace()
      })
    },
    async remove(key) {
      checkKey(key)
      await inOrder(async () => {
        await checkPlace()
        await removeFiles(places, keyFolders, key)
        await checkPlace()
      })
    },
    async close() {
      if (!closing.close()) return
      await last
      lock.release()
    },
  }
}

/** Who holds the store, as it says itself; undefined when that cannot be read. */
export function holderOfFiles(places: FilePlaces): number | undefined {
  try {
    return parseOwner(places, readFileSync(places.owner, 'utf8')).pid
  } catch {
    return undefined
  }
}
