import { expect, test } from 'vitest'
import { nextDeadlineIn } from '../../src/checkpoint/next-deadline.js'
import type { TimerRecord } from '../../src/checkpoint/record.js'

const timer = (policy: TimerRecord['policy'], dueAtMs: number) => ({ policy, dueAtMs }) as TimerRecord

test('the soonest timer with a deadline is the next; those that stand still, or never come due, are none', () => {
  expect(nextDeadlineIn([timer('deadline', 30), timer('remaining', 5), timer('deadline', 20)])).toBe(20)
  expect(nextDeadlineIn([timer('remaining', 5), timer('restart', 1)])).toBeUndefined()
  expect(nextDeadlineIn([timer('deadline', Number.POSITIVE_INFINITY)])).toBeUndefined()
})
