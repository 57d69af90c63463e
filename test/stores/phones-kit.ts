import type { CommitOutcome, CommitRequest } from 'tardigrade'
import { expect } from 'vitest'

export function request(key: string, sequence: number, text: string): CommitRequest {
  return {
    key,
    service: 'lamp',
    version: 1,
    sequence,
    savedAtMs: 1,
    phase: 'running',
    wakeAtMs: undefined,
    text,
  }
}

export function accepted(outcomes: readonly CommitOutcome[]): void {
  expect(outcomes.every(({ ok }) => ok)).toBe(true)
}
