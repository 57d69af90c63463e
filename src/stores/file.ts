import { resolve } from 'node:path'
import type { Store, StoreClaim, StoreReader } from '../ports/store.js'
import { storeError } from './failures.js'
import { claimFiles, holderOfFiles } from './file-claim.js'
import { placesOf } from './file-io.js'
import { fileReader } from './file-reader.js'
import { prepareFolder } from './folder.js'
import { latch } from './latch.js'
import { lockFolder } from './lock.js'
import { resolveOptions, type StoreOptions } from './options.js'
import { loadSqliteDriver } from './sqlite-driver.js'
import { checkText } from './storage-checks.js'

/**
 * Keeps every checkpoint in a text file of its own, in a folder of its own, which is made if need be.
 *
 * For people who want to see and copy plain files, and for some hundreds of services: a commit costs two fsyncs
 * a service, and `list` opens a file a service. A batch is no transaction: a crash in the middle of one leaves
 * each of its checkpoints whole or not at all, by itself. Claiming needs a SQLite for its lock (Node 22.13 or
 * newer, or the package `@photostructure/sqlite`), reading does not; a folder without a store reads as empty.
 * @throws {InvalidOptionError} an option is out of its range
 * @throws {MissingDriverError} from `claim`: no SQLite is there
 * @throws {StoreNotWritableError} from `claim`: the folder is another user's, or others could write to it
 * @throws {StoreDamagedError | NewerStoreError} from `claim` and `owner`: the owner's record cannot be used
 * @throws {StoreNotReadableError} from all reading: rights are missing, or a folder is no folder
 *
 * @example
 * ```ts
 * const supervisor = await createSupervisor({ store: fileStore('.tardigrade') })
 * ```
 */
export function fileStore(folder: string, options: StoreOptions = {}): Store {
  checkText('folder', folder, 'the path of a folder')
  const resolved = resolveOptions('fileStore', options)
  const location = resolve(folder)
  const places = placesOf(location)
  return {
    location,
    folder: location,
    durability: 'power',
    async claim(): Promise<StoreClaim> {
      const driver = await loadSqliteDriver('fileStore')
      prepareFolder(location)
      const lock = lockFolder(driver, location, () => holderOfFiles(places))
      try {
        return await claimFiles(places, lock, resolved)
      } catch (error) {
        lock.release()
        throw storeError(location, error)
      }
    },
    async read(): Promise<StoreReader> {
      const closing = latch(location)
      return { ...fileReader(places, closing), close: async () => void closing.close() }
    },
  }
}
