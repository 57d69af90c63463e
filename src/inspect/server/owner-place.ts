import { statSync } from 'node:fs'
import { join } from 'node:path'
import { processExists } from '../../control/process-exists.js'
import { StoreGoneError } from '../../errors/store-doubt.js'
import type { StoreOwner } from '../../ports/store.js'
import { STORE_FILES } from '../files/store-files.js'

/** Sees that a store was taken away under its owner, which hears of that with its next commit alone. */
export class OwnerPlace {
  #seen: (StoreOwner & { readonly files: string }) | undefined

  constructor(private readonly folder: string) {}

  /** @throws {StoreGoneError} its files were deleted, moved or replaced since the owner was seen first, and that still exists */
  check(owner: StoreOwner | undefined): void {
    const seen = this.#seen
    const files = Object.values(STORE_FILES)
      .map((name) => fileAt(join(this.folder, name)))
      .join()
    if (owner !== undefined && (seen?.epoch !== owner.epoch || seen.claimedAtMs !== owner.claimedAtMs)) {
      this.#seen = { ...owner, files }
      return
    }
    if (seen === undefined || (owner !== undefined && files === seen.files)) return
    // Of this process its own supervisor says so.
    if (seen.pid !== process.pid && processExists(seen.pid, seen.claimedAtMs))
      throw new StoreGoneError(this.folder, this.folder, {}, seen.pid)
  }
}

/** Which file lies there; 0 where there is none, or nobody may look. */
function fileAt(path: string): number {
  try {
    return statSync(path, { throwIfNoEntry: false })?.ino ?? 0
  } catch {
    return 0
  }
}
