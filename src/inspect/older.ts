import { StoreOlderError } from '../errors/inspect.js'
import type { StoreOwner } from '../ports/store.js'
import type { RecordedCommit } from './files/recorded-commit.js'

/**
 * Says that a store is older than what was recorded beside it, where it is. The commit is to be asked for before the owner is: one claims the store before it
 * commits, and may do both meanwhile. `isClaimed`: whoever asks claims it now.
 */
export function olderThan(
  location: string,
  owner: Pick<StoreOwner, 'epoch' | 'claimedAtMs'> | undefined,
  recorded: RecordedCommit | undefined,
  isClaimed = false,
): StoreOlderError | undefined {
  if (owner === undefined || recorded === undefined || recorded.epoch <= owner.epoch) return undefined
  // Whoever has claimed it since knows what it holds: that it was begun anew, or restored, is over.
  if (recorded.atMs < owner.claimedAtMs) return undefined
  return new StoreOlderError(location, owner.epoch, recorded.epoch, isClaimed)
}
