import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type FilePlaces, makeOwnFolder, namesIn } from './file-io.js'
import { syncFolderLater } from './sync.js'
import { inTurns } from './turns.js'

/** The folders of keys, each with a name that a power cut does not take. */
export class KeyFolders {
  readonly #durable = new Set<string>()

  private constructor(private readonly places: FilePlaces) {}

  /**
   * Makes everything durable that is there: an owner that was killed may have named files and folders without
   * syncing them, and whoever goes on from them must not lose them to a power cut.
   */
  static async settle(places: FilePlaces): Promise<KeyFolders> {
    const folders = new KeyFolders(places)
    for (const parent of [places.checkpoints, places.quarantine]) {
      const own = (await namesIn(parent)).map((name) => join(parent, name))
      await inTurns(own, async (folder) => {
        // What is none is refused where its key is written.
        if (!(await lstat(folder)).isDirectory()) return
        await syncFolderLater(folder)
        folders.#durable.add(folder)
      })
      await syncFolderLater(parent)
    }
    return folders
  }

  /** Makes those that are not there. */
  async make(folders: readonly string[]): Promise<void> {
    const fresh = folders.filter((folder) => !this.#durable.has(folder))
    await inTurns(fresh, (folder) => makeOwnFolder(this.places.root, folder))
    for (const parent of new Set(fresh.map(dirname))) await syncFolderLater(parent)
    for (const folder of fresh) this.#durable.add(folder)
  }

  /** The folder is about to go. */
  forget(folder: string): void {
    this.#durable.delete(folder)
  }
}
