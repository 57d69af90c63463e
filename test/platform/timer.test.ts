import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { after, timerMs } from '../../src/platform/timer.js'
import { within } from '../../src/platform/within.js'
import { ManualClock } from '../kit/clock.js'

const DAY_MS = 24 * 60 * 60 * 1000

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

test('a time that a timer can hold stays as it is, and a longer one is cut', () => {
  expect([0, 5000, 2 ** 31 - 1, 2 ** 31, Number.POSITIVE_INFINITY].map(timerMs)).toEqual([
    0,
    5000,
    2 ** 31 - 1,
    2 ** 31 - 1,
    2 ** 31 - 1,
  ])
})

test('what waits longer than a timer can hold runs when its time has come, once', async () => {
  const clock = new ManualClock()
  const ran = vi.fn()
  after(90 * DAY_MS, ran, clock)
  await clock.advance(90 * DAY_MS - 1)
  expect(ran).not.toHaveBeenCalled()
  await clock.advance(1)
  expect(ran).toHaveBeenCalledOnce()
  expect(clock.pending).toBe(0)
})

test('it ends the waiting by the timer that waits now, over the platform’s own timers too', () => {
  const ran = vi.fn()
  const end = after(90 * DAY_MS, ran)
  vi.advanceTimersByTime(60 * DAY_MS)
  end()
  expect(vi.getTimerCount()).toBe(0)
  vi.advanceTimersByTime(60 * DAY_MS)
  expect(ran).not.toHaveBeenCalled()
})

test('Infinity never comes', async () => {
  const clock = new ManualClock()
  const ran = vi.fn()
  after(Number.POSITIVE_INFINITY, ran, clock)
  await clock.advance(365 * DAY_MS)
  expect(ran).not.toHaveBeenCalled()
  expect(clock.pending).toBe(1)
})

test('an answer that may take for ever is waited for', async () => {
  let answer: (text: string) => void = () => {}
  const answered = within(Number.POSITIVE_INFINITY, new Promise<string>((resolve) => (answer = resolve)))
  const settled = vi.fn()
  answered.then(settled, settled)
  await vi.advanceTimersByTimeAsync(DAY_MS)
  expect(settled).not.toHaveBeenCalled()
  answer('there')
  await expect(answered).resolves.toBe('there')
})
