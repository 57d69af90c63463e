import type { StoredCheckpoint } from '../ports/store.js'

/**
 * What must be set aside, newest first, so that a service goes on from an earlier checkpoint: the newest alone where it
 * cannot be used, and where the service `failedInIt` the state that it failed in, with the notes of the failure, which
 * hold the same state. Undefined where the store keeps nothing before that.
 */
export function toSetAside(
  history: readonly StoredCheckpoint[],
  failedInIt: boolean,
): readonly StoredCheckpoint[] | undefined {
  let onto = 1
  if (failedInIt) {
    const failed = afterNotes(history, 0)
    // Below it, notes are of the same state: a retry has failed in its turn.
    onto = afterNotes(history, failed + 1)
  }
  return onto < history.length ? history.slice(0, onto) : undefined
}

/** The place of the first checkpoint from there on that is no note of a failure. */
function afterNotes(history: readonly StoredCheckpoint[], from: number): number {
  let at = from
  while (history[at]?.phase === 'failed') at++
  return at
}
