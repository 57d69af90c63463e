import { expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { verifyInterruptions } from '../../src/testing/index.js'
import { passableDelaysOf } from '../../src/testing/plans/events.js'
import { SimulatedClock } from '../../src/testing/world/clock.js'

const DAY_MS = 86_400_000

const daily = setup({
  types: { context: {} as { reports: number }, events: {} as { type: 'NOW' } },
}).createMachine({
  id: 'daily',
  context: { reports: 0 },
  initial: 'waiting',
  states: {
    waiting: { after: { [DAY_MS]: 'writing' }, on: { NOW: 'writing' } },
    writing: {
      after: { 5: { target: 'waiting', actions: assign({ reports: ({ context }) => context.reports + 1 }) } },
    },
  },
})

test('a long delay beside a short one is verified in the time that others take', async () => {
  const { matrix } = await verifyInterruptions(daily, { seed: 1, runs: 300 })
  expect(matrix.states).toEqual(['waiting', 'writing'])
  expect(passableDelaysOf(daily)).toEqual([5])
})

test('a timer that looks at a clock that stands is not asked again for ever', async () => {
  const clock = new SimulatedClock()
  const process = clock.process()
  const dueAtMs = clock.now() + 5
  let looks = 0
  const look = (): void => {
    looks++
    if (clock.now() < dueAtMs) process.setTimer(look, dueAtMs - clock.now())
  }
  process.setTimer(look, 5)
  expect(await clock.advance(DAY_MS, async () => {}, { stands: true })).toBe(true)
  expect(looks).toBeLessThan(200)
  expect(clock.now()).toBe(dueAtMs - 5)
  // It has not been forgotten, and all of the time has passed.
  await clock.advance(5, async () => {})
  expect(clock.now()).toBe(dueAtMs)
  expect(clock.isDue).toBe(false)
})
