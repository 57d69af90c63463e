import { identityOf } from '../disk/identity.js'
import { StaleEpochError } from '../errors/store.js'
import { StoreGoneError } from '../errors/store-doubt.js'
import type { FilePlaces } from './file-io.js'
import { readOwner } from './file-owner.js'

/**
 * Whether the store in the folder is the one that was claimed with this epoch, just now.
 * @throws {StaleEpochError} a newer claim exists
 * @throws {StoreGoneError} somebody has deleted or moved the store, or put another one in its place
 */
export type CheckPlace = () => Promise<void>

/** The place as it is right after the claim with this epoch, to be looked at before and after each write. */
export function filePlaceOf(places: FilePlaces, epoch: number): CheckPlace {
  const claimed = identityOf(places.owner)
  return async () => {
    // Before the record is read: a newer claim writes another file, and is told as such.
    const isOurs = identityOf(places.owner) === claimed
    const owner = await readOwner(places)
    if (owner !== undefined && owner.epoch > epoch) throw new StaleEpochError(epoch, owner.epoch)
    if (!isOurs || owner?.epoch !== epoch) throw new StoreGoneError(places.root, places.owner)
  }
}

/** That a newer claim exists, where it does: it empties the folder of files under way, and what fails then fails for that. */
export async function staleErrorOf(checkPlace: CheckPlace): Promise<StaleEpochError | undefined> {
  try {
    await checkPlace()
  } catch (error) {
    if (error instanceof StaleEpochError) return error
  }
  return undefined
}
