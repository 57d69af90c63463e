import { type TaskScope, task } from 'tardigrade'
import { FlakyMachineError, replay, trace, verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { type AnyActorLogic, assign, setup } from 'xstate'
import { thrownBy } from './machines.js'

/** Counts in a closure, of which no world is made anew, whenever two of one kind come one after the other. */
const forgetful = () => {
  let calls = 0
  return setup({
    types: {
      context: {} as { n: number },
      events: {} as { type: 'ADD' } | { type: 'CLEAR' } | { type: 'OTHER' },
    },
  }).createMachine({
    id: 'forgetful',
    context: { n: 0 },
    initial: 'empty',
    states: {
      empty: { on: { ADD: 'full', OTHER: {} } },
      full: { on: { ADD: { actions: assign({ n: () => calls++ }) }, CLEAR: 'empty', OTHER: {} } },
    },
  })
}

const flakyBy = async (given: Promise<unknown>) => {
  const thrown = await thrownBy(given)
  expect(thrown).toBeInstanceOf(FlakyMachineError)
  return thrown as FlakyMachineError
}

describe('a service that differs from itself is told', () => {
  test.each([1, 2, 3])(
    'with the fewest steps that lead there, the seed, and a token: seed %d',
    async (seed) => {
      const flaky = await flakyBy(verifyInterruptions(forgetful(), { seed }))
      const { message, steps, token = '', difference } = flaky
      expect(steps).toEqual([
        { do: 'send', event: { type: 'ADD' } },
        { do: 'send', event: { type: 'ADD' } },
      ])
      expect(flaky.seed).toBe(seed)
      expect(difference).toMatch(/^machine\.context\.n is \d+, and \d+ the first time$/)
      expect(message.split('\n')).toEqual([
        'Run again in the same way, the service differs from itself, after:',
        '  1. send {"type":"ADD"}',
        '  2. send {"type":"ADD"}',
        `Then: ${difference}.`,
        `Token: ${token}`,
        `Seed: ${seed}`,
        expect.stringContaining('Give the machine its time and chance through input or events'),
      ])
      expect((await flakyBy(replay(forgetful(), token))).steps).toEqual(steps)
      expect(await thrownBy(trace(forgetful(), token))).toBeInstanceOf(FlakyMachineError)
    },
  )

  test('in the other modes, which have no seed', async () => {
    const exhaustive = await flakyBy(verifyInterruptions(forgetful(), { mode: 'exhaustive' }))
    const sequences = [
      [{ type: 'OTHER' }, { type: 'ADD' }, { type: 'CLEAR' }, { type: 'ADD' }, { type: 'ADD' }],
    ] as const
    const crashed = await flakyBy(verifyInterruptions(forgetful(), { mode: 'crashPoints', sequences }))
    for (const { steps, seed, message } of [exhaustive, crashed]) {
      expect(steps.length).toBe(2)
      expect(seed).toBeUndefined()
      expect(message).not.toContain('Seed')
    }
  })

  test('at the beginning, where nothing leads there', async () => {
    let calls = 0
    const machine = setup({ types: { events: {} as { type: 'ADD' } } }).createMachine({
      id: 'counted',
      context: () => ({ n: calls++ }),
      on: { ADD: {} },
    })
    const { message, steps } = await flakyBy(verifyInterruptions(machine, { seed: 1 }))
    expect(steps).toEqual([])
    expect(message).toMatch(
      /^Run again in the same way, the service differs from itself, at the beginning: machine\.context\.n is \d+, and \d+ the first time\.\nToken/,
    )
  })

  describe('with the tasks that run as written', () => {
    const of = (build: AnyActorLogic) =>
      setup({
        types: { context: {} as { last: unknown }, events: {} as { type: 'GO' } },
        actors: { build },
      }).createMachine({
        id: 'report',
        context: { last: undefined },
        initial: 'idle',
        states: {
          idle: { on: { GO: 'building' } },
          building: {
            invoke: {
              src: 'build',
              onDone: { target: 'idle', actions: assign({ last: ({ event }) => event.output }) },
            },
          },
        },
      })

    test('and the steps of theirs that may have a driver', async () => {
      let rows = 0
      const build = task(async ({ step }: TaskScope) => {
        await step('read rows', () => 1)
        return step('append', () => ++rows)
      })
      const { message } = await flakyBy(verifyInterruptions(of(build), { seed: 1, runs: 20 }))
      expect(message).toContain(
        '“build” runs as written: where a step reads what lies outside, drive it, as in actors: { build: { steps: { "read rows": { resolves: … }, append: { resolves: … } } } }; what is read between steps belongs into one.',
      )
      const actors = { build: { steps: { append: { resolves: 5 } } } }
      await verifyInterruptions(of(build), { seed: 1, runs: 10, actors })
    })

    test('and not those that are driven, or have not begun', async () => {
      let rows = 0
      const build = task(async () => ++rows)
      const { message } = await flakyBy(verifyInterruptions(of(build), { seed: 1, runs: 20 }))
      expect(message).toContain('drive it, as in actors: { build: { steps: { … } } }')
      const other = await flakyBy(verifyInterruptions(forgetful(), { seed: 1 }))
      expect(other.message).not.toContain('as written')
    })
  })
})
