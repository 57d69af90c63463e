import { processExists } from '../../control/process-exists.js'
import { StoreGoneError } from '../../errors/store-doubt.js'
import type { StoreOwner } from '../../ports/store.js'
import { type ClaimNote, claimNoteIn } from '../files/claim-note.js'
import { filesIn } from '../files/store-files.js'

/** Sees that a store was taken away under its owner, which hears of that with its next commit alone. */
export class OwnerPlace {
  /** The owner, and which files it has open: as it has noted them, else those that lay there when it was seen first. */
  #seen: ClaimNote | undefined

  constructor(private readonly folder: string) {}

  /** @throws {StoreGoneError} its files were deleted, moved or replaced since the owner claimed it, or was seen first, and that still exists */
  check(owner: StoreOwner | undefined): void {
    const files = filesIn(this.folder)
    if (this.#seen === undefined || isNewer(owner, this.#seen)) {
      const note = claimNoteIn(this.folder)
      // Somebody may have claimed it since who records nothing.
      const isNoted = note !== undefined && !isNewer(owner, note)
      this.#seen = isNoted ? note : owner && { ...owner, files }
    }
    const seen = this.#seen
    if (seen === undefined || (owner !== undefined && files === seen.files)) return
    // Of this process its own supervisor says so.
    if (seen.pid !== process.pid && processExists(seen.pid, seen.claimedAtMs))
      throw new StoreGoneError(this.folder, this.folder, {}, seen.pid)
  }
}

/** Whether one has claimed the store after another: in one that was restored, epochs come again. */
function isNewer(owner: StoreOwner | undefined, seen: StoreOwner): boolean {
  return owner !== undefined && (owner.epoch > seen.epoch || owner.claimedAtMs > seen.claimedAtMs)
}
