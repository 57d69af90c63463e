import type { StoredCheckpoint } from '../ports/store.js'

/**
 * What must be set aside, newest first, so that a service goes on from an earlier checkpoint: the newest alone where it
 * cannot be used, and where the service `failedInIt` all that are in the state that it failed in: the notes of the
 * failure, and what retries have written of which nothing came. Undefined where the store keeps nothing before that.
 */
export function toSetAside<TStored extends StoredCheckpoint>(
  history: readonly TStored[],
  failedInIt: boolean,
  isSameState: (newer: TStored, older: TStored) => boolean,
): readonly TStored[] | undefined {
  const onto = failedInIt ? afterState(history, afterNotes(history, 0), isSameState) : 1
  return onto < history.length ? history.slice(0, onto) : undefined
}

/** The place of the first checkpoint below the one at `failed` that is in another state. */
function afterState<TStored extends StoredCheckpoint>(
  history: readonly TStored[],
  failed: number,
  isSameState: (newer: TStored, older: TStored) => boolean,
): number {
  // A note is in the state of the checkpoint below it, which it was written over.
  const below = afterNotes(history, failed + 1)
  const [newer, older] = [history[failed], history[failed + 1]]
  const same = newer !== undefined && older !== undefined && isSameState(newer, older)
  return same ? afterState(history, below, isSameState) : below
}

/** The place of the first checkpoint from there on that is no note of a failure. */
function afterNotes(history: readonly StoredCheckpoint[], from: number): number {
  let at = from
  while (history[at]?.phase === 'failed') at++
  return at
}
