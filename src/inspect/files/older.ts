import { processExists } from '../../control/process-exists.js'
import { type BehindService, StoreOlderError } from '../../errors/inspect.js'
import type { StoreReader } from '../../ports/store.js'
import type { RecordedCommit } from './recorded-commit.js'
import { kindIn } from './store-files.js'

/**
 * Says that a store is older than what was recorded beside it, or what it holds of some services, where that is so: a newer owner has committed than it has
 * heard of, or its last one newer checkpoints than it holds. The commits, the newest first, are to be asked for before: one claims the store before it
 * commits, and commits before it records.
 * `isClaimed`: whoever asks claims it now.
 */
export async function olderThan(
  location: string,
  reader: Pick<StoreReader, 'owner' | 'load'>,
  recorded: readonly RecordedCommit[],
  isClaimed = false,
): Promise<StoreOlderError | undefined> {
  const [newest] = recorded
  if (newest === undefined) return undefined
  const owner = await reader.owner()
  // Whoever has claimed it since knows what it holds: that it was begun anew, or restored, is over.
  const isOfLast = ({ epoch, atMs }: RecordedCommit) =>
    owner !== undefined && epoch >= owner.epoch && atMs >= owner.claimedAtMs
  if (owner === undefined || !isOfLast(newest)) return undefined
  const facts = { isClaimed, kind: kindIn(location) }
  if (newest.epoch > owner.epoch) return new StoreOlderError(location, owner.epoch, newest.epoch, [], facts)
  // While the owner lives, it may remove a service before it says so; it hears by itself that its store is another one.
  if (!isClaimed && processExists(owner.pid, owner.claimedAtMs)) return undefined
  const behind: BehindService[] = []
  for (const { key, checkpoint } of recorded.filter(isOfLast)) {
    const held = await heldOf(reader, key)
    if (held !== undefined && held < checkpoint) behind.push({ key, held, checkpoint })
  }
  return behind.length === 0
    ? undefined
    : new StoreOlderError(location, owner.epoch, newest.epoch, behind, facts)
}

/** Sequence of the newest checkpoint of a service, 0 without one; undefined where it cannot be read, which is told elsewhere. */
async function heldOf(reader: Pick<StoreReader, 'load'>, key: string): Promise<number | undefined> {
  try {
    return (await reader.load(key))?.sequence ?? 0
  } catch {
    return undefined
  }
}
