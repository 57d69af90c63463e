import type { CommitOutcome, CommitRequest, StoreClaim } from '../../../ports/store.js'

/** A request with everything filled in. */
export function request(key: string, sequence: number, over: Partial<CommitRequest> = {}): CommitRequest {
  return {
    key,
    sequence,
    service: 'transfer',
    version: 1,
    savedAtMs: 1_700_000_000_000 + sequence,
    phase: 'running',
    wakeAtMs: undefined,
    text: `${key} at ${sequence}`,
    ...over,
  }
}

/** Commits the sequences one after another and throws at the first refusal. */
export async function commitAll(claim: StoreClaim, key: string, sequences: readonly number[]): Promise<void> {
  for (const sequence of sequences) accepted(await claim.commit([request(key, sequence)]))
}

/** Throws the first error among the outcomes. */
export function accepted(outcomes: readonly CommitOutcome[]): void {
  for (const outcome of outcomes) if (!outcome.ok) throw outcome.error
}
