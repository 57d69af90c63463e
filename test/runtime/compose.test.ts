import type { CheckpointRecord, Phase, TimerRecord } from 'tardigrade'
import { expect, test } from 'vitest'
import { requestOf } from '../../src/runtime/compose.js'

function timerAt(dueAtMs: number): TimerRecord {
  const ends = { source: [], target: [], id: `t${dueAtMs}`, event: { type: 'T' } }
  return { ...ends, delayMs: 1, dueAtMs, remainingMs: 1, policy: 'deadline' }
}

function wakeAtMs(phase: Phase, dueAtMs: readonly number[]): number | undefined {
  // What a store is told needs no more of a record.
  const record = { phase, timers: dueAtMs.map(timerAt) } as unknown as CheckpointRecord
  return requestOf(record, '').wakeAtMs
}

test('a service at rest is woken for the first of its timers, and only while it runs', () => {
  expect(wakeAtMs('running', [30, 10, 20])).toBe(10)
  expect(wakeAtMs('running', [])).toBeUndefined()
  expect(wakeAtMs('paused', [30, 10, 20])).toBeUndefined()
})
