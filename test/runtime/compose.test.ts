import type { Phase, TimerRecord } from 'tardigrade'
import { expect, test } from 'vitest'
import { requestOf } from '../../src/runtime/compose.js'

function timerAt(dueAtMs: number): TimerRecord {
  const ends = { source: [], target: [], id: `t${dueAtMs}`, event: { type: 'T' } }
  return { ...ends, delayMs: 1, dueAtMs, remainingMs: 1, policy: 'deadline' }
}

function wakeAtMs(phase: Phase, dueAtMs: readonly number[]): number | undefined {
  const changes = { sequence: 1, savedAtMs: 0, phase, timers: dueAtMs.map(timerAt) }
  return requestOf({ id: 's', version: 1 }, 'k', changes, '').wakeAtMs
}

test('a service at rest is woken for the first of its timers, and only while it runs', () => {
  expect(wakeAtMs('running', [30, 10, 20])).toBe(10)
  expect(wakeAtMs('running', [])).toBeUndefined()
  expect(wakeAtMs('paused', [30, 10, 20])).toBeUndefined()
  expect(wakeAtMs('running', [Number.POSITIVE_INFINITY]), 'never').toBeUndefined()
})

test('of however many timers', () => {
  expect(wakeAtMs('running', Array(200_000).fill(7))).toBe(7)
})
