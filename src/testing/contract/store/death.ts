import type { CommitOutcome, CommitRequest, StoreClaim, StoredCheckpoint } from '../../../ports/store.js'
import { same } from '../expect.js'
import { KEEP, type StoreScene, type StoreUnderTest } from './scene.js'

/** Where around a commit its owner dies. */
export type Death = 'before' | 'during' | 'after'

/** What is there after a death. */
export interface Afterlife {
  /** The next owner. */
  readonly claim: StoreClaim
  /** What became of the commit; undefined where it was never acknowledged. */
  readonly outcomes: readonly CommitOutcome[] | undefined
}

/**
 * What a key holds after a death: all of the commit where it was acknowledged, else as much of it as was written.
 * @param states what it held before, and after each of the commit's checkpoints, newest first
 * @throws {Unmet} it holds something else, or has lost what was acknowledged
 */
export async function afterDeath(
  { claim, outcomes }: Afterlife,
  at: Death,
  key: string,
  states: readonly (readonly StoredCheckpoint[])[],
): Promise<readonly StoredCheckpoint[]> {
  const found = await claim.history(key)
  const reached = states.find(([newest]) => newest?.sequence === found[0]?.sequence)
  const written = (at === 'during' ? reached : undefined) ?? states[0] ?? []
  const acknowledged = outcomes === undefined ? undefined : states.at(-1)
  // Who dies in the middle of a commit may not have come as far as to drop what is too old.
  const whole = acknowledged === undefined && found.length === written.length
  const expected = whole ? written : kept(acknowledged ?? written)
  same(found, expected, `the history of ${key} that the next owner finds`)
  return expected
}

/** Without what is too old to be kept. */
export function kept(checkpoints: readonly StoredCheckpoint[]): readonly StoredCheckpoint[] {
  const newest = checkpoints[0]?.sequence ?? 0
  return checkpoints.filter(({ sequence }) => sequence > newest - KEEP)
}

/**
 * Has the owner of a store die around a commit: nothing is closed, nobody is answered, the lock is gone, and another
 * owner comes.
 */
export async function death(
  scene: StoreScene,
  { again, loseLock }: Required<StoreUnderTest>,
  owner: StoreClaim,
  batch: readonly CommitRequest[],
  at: Death,
): Promise<Afterlife> {
  if (at === 'before') {
    await loseLock()
    return { claim: await scene.claim(again()), outcomes: undefined }
  }
  const commit = owner.commit(batch)
  // Nobody hears how it ends for who is dead; it may find that it is outdated.
  const written = commit.catch(() => undefined)
  if (at === 'after') await commit
  await loseLock()
  return { claim: await scene.claim(again()), outcomes: await written }
}
