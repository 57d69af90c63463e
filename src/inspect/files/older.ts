import { processExists } from '../../control/process-exists.js'
import { type BehindService, StoreOlderError } from '../../errors/inspect.js'
import type { StoredCheckpoint, StoreReader } from '../../ports/store.js'
import type { RecordedCommit } from './recorded-commit.js'
import { kindIn } from './store-files.js'

/**
 * Says that a store is older than what was recorded beside it, or what it holds of some services, where that is so: a newer owner has committed than it has
 * heard of, its last one newer checkpoints than it holds, or an earlier one newer ones of services with which nobody has gone on since. The commits, the newest
 * first, are to be asked for before: one claims the store before it commits, and commits before it records.
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
  if (owner === undefined) return undefined
  const isOfLast = ({ epoch, atMs }: RecordedCommit) => epoch >= owner.epoch && atMs >= owner.claimedAtMs
  const facts = { isClaimed, kind: kindIn(location) }
  if (isOfLast(newest) && newest.epoch > owner.epoch)
    return new StoreOlderError(location, owner.epoch, newest.epoch, [], facts)
  // While the owner lives, it may remove a service before it says so; it hears by itself that its store is another one.
  const mayRemove = !isClaimed && processExists(owner.pid, owner.claimedAtMs)
  const services: BehindService[] = []
  for (const commit of recorded) {
    if (isOfLast(commit) && mayRemove) continue
    const behind = await behindOf(reader, commit, isOfLast(commit))
    if (behind !== undefined) services.push(behind)
  }
  // What is held of no service may have been removed since, or begun anew: it is lost where the store was set back, as another one shows.
  const isSetBack = services.some(({ isEarlier, held }) => isEarlier && held > 0)
  const told = services.filter(({ isEarlier, held }) => !isEarlier || held > 0 || isSetBack)
  return told.length === 0 ? undefined : new StoreOlderError(location, owner.epoch, newest.epoch, told, facts)
}

/** A service of which the store holds less than was recorded; undefined of one that has all, has gone on since, or cannot be read, which is told elsewhere. */
async function behindOf(
  reader: Pick<StoreReader, 'load'>,
  { key, checkpoint, atMs }: RecordedCommit,
  isOfLast: boolean,
): Promise<BehindService | undefined> {
  let stored: StoredCheckpoint | undefined
  try {
    stored = await reader.load(key)
  } catch {
    return undefined
  }
  const held = stored?.sequence ?? 0
  if (held >= checkpoint) return undefined
  if (isOfLast) return { key, held, checkpoint }
  return stored === undefined || stored.savedAtMs < atMs
    ? { key, held, checkpoint, isEarlier: true }
    : undefined
}
