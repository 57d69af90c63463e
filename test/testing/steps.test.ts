import { describe, expect, test } from 'vitest'
import { setup } from 'xstate'
import { InterruptionBugError } from '../../src/errors/testing.js'
import { type TaskScope, task } from '../../src/index.js'
import { type Drivers, verifyInterruptions } from '../../src/testing/index.js'
import { thrownBy } from './machines.js'

type Body = (scope: TaskScope<number>) => unknown

/** A machine that has these done, all at once. */
const doing = (...bodies: readonly Body[]) =>
  setup({
    types: { events: {} as { type: 'GO' } },
    actors: Object.fromEntries(bodies.map((body, index) => [`task${index}`, task(body as never)])),
  }).createMachine({
    id: 'doing',
    initial: 'idle',
    states: {
      idle: { on: { GO: 'busy' } },
      busy: {
        type: 'parallel',
        states: Object.fromEntries(
          bodies.map((_, index) => [
            `part${index}`,
            { initial: 'on', states: { on: { invoke: { src: `task${index}`, onDone: 'off' } }, off: {} } },
          ]),
        ),
      },
    },
  })

const crashPoints = (bodies: readonly Body[], actors: Drivers = {}, effects = {}) =>
  verifyInterruptions(doing(...bodies), {
    mode: 'crashPoints',
    sequences: [[{ type: 'GO' }, { do: 'advance', ms: 100 }]],
    actors,
    effects,
  })

/** So many turns of promises. */
async function turns(of: number): Promise<void> {
  for (let turn = 0; turn < of; turn++) await undefined
}

const printing: Body = async ({ step, input }) => {
  await step('print', () => input)
  return step('bind', () => input)
}

describe('steps of a task that runs as written', () => {
  test.each([
    ['of which nothing is said', {}],
    ["with the driver 'run'", { task0: 'run' as const }],
    ['of which others have a driver', { task0: { steps: { bind: { resolves: 1 } } } }],
  ])('are effects: each dies before, during and after it, %s', async (_, actors) => {
    const { figures } = await crashPoints([printing], actors)
    expect(figures.crashPoints?.effects).toBe(2 * 3)
  })

  test('have oracles by their names: one that may be done at most once is done again after a crash in its middle', async () => {
    const bug = await thrownBy(crashPoints([printing], {}, { print: 'atMostOnce' }))
    expect(bug).toBeInstanceOf(InterruptionBugError)
    expect((bug as InterruptionBugError<unknown>).difference).toBe(
      '“print asked with undefined” was done more often than without the interruption, and may be at most once',
    )
  })
})

describe('steps that run beside one another come in whatever order', () => {
  const soon = { resolves: 1 }
  const later = (afterMs: number) => ({ resolves: 1, afterMs })
  const fetched: Body = async ({ step }) =>
    Promise.all(
      [1, 2, 3].map(async (n) => {
        const got = await step(`fetch${n}`, () => n)
        return step(`save${n}`, () => got)
      }),
    )
  const five: Body = async ({ step }) => {
    for (const n of [1, 2, 3, 4, 5]) await step(`one${n}`, () => n)
  }
  const two: Body = async ({ step }) => {
    await turns(40)
    await step('other1', () => 1)
    await turns(20)
    await step('other2', () => 2)
  }
  const ofFive = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`one${n}`, soon]))

  test.each<[string, readonly Body[], Drivers]>([
    ['of one task, as written', [fetched], {}],
    [
      'of one task, answered at once',
      [fetched],
      { task0: { steps: { fetch1: soon, fetch2: soon, save1: soon } } },
    ],
    [
      'of one task, answered later',
      [fetched],
      { task0: { steps: { fetch1: later(5), fetch2: later(10), save1: later(5) } } },
    ],
    ['of two tasks, as written', [five, two], {}],
    [
      'of two tasks, answered at once',
      [five, two],
      { task0: { steps: ofFive }, task1: { steps: { other1: soon, other2: soon } } },
    ],
  ])('%s', async (_, bodies, actors) => {
    const { figures } = await crashPoints(bodies, actors)
    expect(figures.crashPoints?.effects).toBeGreaterThanOrEqual(3 * 6)
    await verifyInterruptions(doing(...bodies), { actors, mode: 'exhaustive', depth: 3 })
  })
})
