import { verifyInterruptions } from 'tardigrade/testing'
import { expect, test } from 'vitest'
import { fromPromise, setup } from 'xstate'
import { chooseOf } from '../../src/testing/plans/choose.js'
import { decided } from '../../src/testing/plans/drafts.js'
import { Twins } from '../../src/testing/plans/twins.js'
import { mayWait } from '../../src/testing/plans/waits.js'
import { worldOf } from '../../src/testing/subject.js'
import { counter, gate } from './machines.js'

const real = fromPromise(async () => {
  throw new Error('nobody may call the real one')
})

/** One after another it waits for a short time: for what drivers take, and for delays that only functions know. */
const relay = setup({
  types: { events: {} as { type: 'GO' } },
  actors: { first: real, second: real },
  delays: { soon: () => 7, later: () => 9 },
}).createMachine({
  id: 'relay',
  initial: 'idle',
  states: {
    idle: { on: { GO: 'first' } },
    first: { invoke: { src: 'first', id: 'first', onDone: 'second' } },
    second: { invoke: { src: 'second', id: 'second', onDone: 'third' } },
    third: { after: { soon: 'fourth' } },
    fourth: { after: { later: 'idle' } },
  },
})
const actors = { first: { resolves: 1, afterMs: 5 }, second: { resolves: 2, afterMs: 3 } }

test.each([1, 2, 3, 4])('plans by chance come into states that last a short time: seed %d', async (seed) => {
  const { figures, matrix } = await verifyInterruptions(relay, { actors, seed })
  expect(figures.neverReached).toEqual([])
  const interrupted = matrix.cells().filter(({ count }) => count > 0)
  expect(new Set(interrupted.map(({ state }) => state)).size).toBeGreaterThanOrEqual(4)
})

test('a wait is as long as the twin waits there, or half of it', async () => {
  const twins = new Twins(worldOf(relay, { actors }))
  const go = { do: 'send', event: { type: 'GO' } } as const
  const half = { do: 'wait', half: true, ms: 50 } as const
  const whole = { ...half, half: false }
  const nothing = chooseOf([], () => false)
  const { steps, dues } = await decided(twins, [whole, go, half, whole, half, whole, whole], nothing)
  expect(steps).toEqual([
    // Nothing is waited for before.
    { do: 'advance', ms: 50 },
    go,
    ...[3, 2, 2, 1, 7].map((ms) => ({ do: 'advance', ms })),
  ])
  // At the end of each whole one.
  expect([...dues]).toEqual([3, 5, 6])
})

test('which machines may wait is known from them', () => {
  expect(mayWait(gate)).toBe(true)
  expect(mayWait(counter)).toBe(false)
  expect(mayWait(setup({ actors: { gate } }).createMachine({}))).toBe(true)
})
