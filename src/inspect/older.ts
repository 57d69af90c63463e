import { processExists } from '../control/process-exists.js'
import { StoreOlderError } from '../errors/inspect.js'
import type { StoreReader } from '../ports/store.js'
import type { RecordedCommit } from './files/recorded-commit.js'

/**
 * Says that a store is older than what was recorded beside it, where it is: a newer owner has committed than it has heard of, or its last one a newer
 * checkpoint than it holds. The commit is to be asked for before: one claims the store before it commits, and commits before it records.
 * `isClaimed`: whoever asks claims it now.
 */
export async function olderThan(
  location: string,
  reader: Pick<StoreReader, 'owner' | 'load'>,
  recorded: RecordedCommit | undefined,
  isClaimed = false,
): Promise<StoreOlderError | undefined> {
  if (recorded === undefined) return undefined
  const owner = await reader.owner()
  // Whoever has claimed it since knows what it holds: that it was begun anew, or restored, is over.
  if (owner === undefined || recorded.epoch < owner.epoch || recorded.atMs < owner.claimedAtMs)
    return undefined
  if (recorded.epoch > owner.epoch) return new StoreOlderError(location, owner.epoch, recorded, { isClaimed })
  // While the owner lives, it may remove a service before it says so; it hears by itself that its store is another one.
  if (!isClaimed && processExists(owner.pid, owner.claimedAtMs)) return undefined
  const held = await heldOf(reader, recorded.key)
  return held === undefined || held >= recorded.checkpoint
    ? undefined
    : new StoreOlderError(location, owner.epoch, recorded, { isClaimed, held })
}

/** Sequence of the newest checkpoint of a service, 0 without one; undefined where it cannot be read, which is told elsewhere. */
async function heldOf(reader: Pick<StoreReader, 'load'>, key: string): Promise<number | undefined> {
  try {
    return (await reader.load(key))?.sequence ?? 0
  } catch {
    return undefined
  }
}
