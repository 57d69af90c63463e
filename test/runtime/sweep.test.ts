import { expect, test } from 'vitest'
import { Sweep } from '../../src/runtime/sweep.js'
import { ManualClock } from '../kit/clock.js'

test('runs again and again until it is stopped', async () => {
  const clock = new ManualClock()
  let runs = 0
  const sweep = new Sweep(clock, 1000, () => runs++)
  await clock.advance(3500)
  expect(runs).toBe(3)
  sweep.stop()
  await clock.advance(3500)
  expect([runs, clock.pending]).toEqual([3, 0])
})

// Beyond this a platform’s timer fires at once, and so the sweep would run without end.
test.each([90 * 86_400_000, Number.POSITIVE_INFINITY])(
  'every %i ms takes no longer timer than a platform has',
  (everyMs) => {
    const delaysMs: number[] = []
    class Watched extends ManualClock {
      override setTimer(run: () => void, delayMs: number) {
        delaysMs.push(delayMs)
        return super.setTimer(run, delayMs)
      }
    }
    new Sweep(new Watched(), everyMs, () => {})
    expect(delaysMs).toEqual([2 ** 31 - 1])
  },
)
