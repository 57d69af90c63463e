import { onTestFinished } from 'vitest'
import type { CommitOutcome, CommitRequest, StoreClaim } from '../../../src/ports/store.js'
import type { MakeStore, StoreUnderTest } from '../contract.js'

/** A store that goes away with its test. */
export async function fresh(make: MakeStore, keep = 3): Promise<StoreUnderTest> {
  const made = await make({ keep })
  onTestFinished(() => made.dispose())
  return made
}

/** A claim that is closed with its test. */
export async function claimed(make: MakeStore, keep = 3): Promise<StoreClaim> {
  const { store } = await fresh(make, keep)
  const claim = await store.claim()
  onTestFinished(() => claim.close())
  return claim
}

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
