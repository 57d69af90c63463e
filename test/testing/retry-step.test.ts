import { defineService } from 'tardigrade'
import { verifyInterruptions } from 'tardigrade/testing'
import { expect, test } from 'vitest'
import { assign, createMachine } from 'xstate'

/** A boiler that tells of each attempt to light it. */
const boiler = (isSound: boolean, lit: () => void = () => {}) => {
  const light = assign(() => {
    lit()
    if (!isSound) throw new RangeError('the valve is stuck')
    return {}
  })
  return defineService({
    id: 'boiler',
    version: 1,
    machine: createMachine({
      id: 'boiler',
      context: {},
      initial: 'cold',
      states: { cold: { on: { HEAT: { target: 'hot', actions: light } } }, hot: { on: { COOL: 'cold' } } },
    }),
  })
}

test.each([
  ['that is sound', true],
  ['that fails again', false],
])('a sequence retries a service %s, at every commit and effect', async (_, isSound) => {
  const report = await verifyInterruptions(boiler(isSound), {
    mode: 'crashPoints',
    sequences: [[{ type: 'HEAT' }, { do: 'retry' }, { type: 'COOL' }, { type: 'HEAT' }]],
  })
  expect(report.runs).toBeGreaterThan(5)
})

test('after a retry it takes events again, and without one none', async () => {
  const litBy = async (...steps: readonly { readonly do: 'retry' }[]) => {
    let count = 0
    const sequences = [[{ type: 'HEAT' }, ...steps, { type: 'HEAT' }]]
    await verifyInterruptions(
      boiler(false, () => void count++),
      { mode: 'crashPoints', sequences },
    )
    return count
  }
  expect(await litBy({ do: 'retry' })).toBeGreaterThan(await litBy())
})
