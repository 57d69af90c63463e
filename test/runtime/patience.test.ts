import { expect, test } from 'vitest'
import { Patience } from '../../src/runtime/patience.js'
import { ManualClock, microtasks, settle } from '../kit/clock.js'

function awaitPatiently(
  clock: ManualClock,
  forMs: number | undefined,
  work: Promise<unknown>,
  progress: () => number,
) {
  const patience = new Patience(clock)
  patience.within(forMs)
  return patience.awaits(work, progress).finally(() => patience.end())
}

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

test('work that is done around the moment in which its time is over is done, and leaves no timer', async () => {
  for (let turns = 0; turns < 8; turns++) {
    const clock = new ManualClock()
    let finish = () => {}
    const work = new Promise<void>((resolve) => {
      finish = resolve
    })
    const setTimer = clock.setTimer.bind(clock)
    clock.setTimer = (run, delayMs) =>
      setTimer(() => {
        finish()
        void microtasks(turns).then(run)
      }, delayMs)
    const done = awaitPatiently(clock, 1000, work, () => 0)
    await settle()
    await clock.advance(1000)
    expect([await done, clock.pending], `${turns} turns later`).toEqual([true, 0])
  }
})

test('work without a time is waited for with no timer at all', async () => {
  const clock = new ManualClock()
  const done = awaitPatiently(clock, undefined, Promise.resolve(), () => 0)
  expect([clock.pending, await done]).toEqual([0, true])
})
