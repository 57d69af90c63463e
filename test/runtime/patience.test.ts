import { expect, test } from 'vitest'
import { awaitPatiently } from '../../src/runtime/patience.js'
import { ManualClock, settle } from '../kit/clock.js'

const never = new Promise<void>(() => {})

test.each([1000, 600_000, 86_400_000])(
  '%i ms are waited for whole, and half a second more',
  async (forMs) => {
    const clock = new ManualClock()
    let done: boolean | undefined
    void awaitPatiently(clock, forMs, never, () => 0).then((inTime) => {
      done = inTime
    })
    await settle()
    await clock.advance(forMs + 499)
    expect(done).toBeUndefined()
    await clock.advance(1)
    expect(done).toBe(false)
  },
)

test('no timer is longer than a platform’s can be', async () => {
  const clock = new ManualClock()
  let done: boolean | undefined
  void awaitPatiently(clock, Number.POSITIVE_INFINITY, never, () => 0).then((inTime) => {
    done = inTime
  })
  await settle()
  await clock.advance(2 ** 31 - 1 + 500)
  expect(done).toBe(false)
})
