import { type TaskScope, task } from 'tardigrade'
import { InterruptionBugError, verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { assign, fromPromise, setup } from 'xstate'
import { thrownBy } from './machines.js'

/** Asks once an event; says what came last, and how far a task has come. */
const asking = (ask: ReturnType<typeof task<unknown, undefined>> | ReturnType<typeof fromPromise>) =>
  setup({
    actors: { ask: ask as ReturnType<typeof fromPromise> },
    types: { context: {} as { last: unknown }, events: {} as { type: 'ASK' } },
  }).createMachine({
    id: 'asking',
    context: { last: undefined },
    initial: 'idle',
    states: {
      idle: { on: { ASK: 'waiting' } },
      waiting: {
        invoke: {
          src: 'ask',
          id: 'ask',
          onDone: { target: 'idle', actions: assign({ last: ({ event }) => event.output }) },
          onError: { target: 'idle', actions: assign({ last: 'failed' }) },
        },
      },
    },
  })

const real = async () => {
  throw new Error('nobody may call the real one')
}

describe('what works outside', () => {
  test.each([
    ['a promise', fromPromise(real)],
    ['a task', task(real)],
  ])('%s comes to one answer after another, and what is asked again gets its own', async (_, ask) => {
    const seen = new Set<unknown>()
    const report = await verifyInterruptions(asking(ask as never), {
      mode: 'exhaustive',
      actors: {
        ask: [{ resolves: 1, afterMs: 20 }, { rejects: new Error('no') }, { resolves: 2, afterMs: 50 }],
      },
      invariants: { seen: ({ context }) => seen.add(context.last) },
    })
    expect([...seen]).toEqual([undefined, 1, 'failed', 2])
    expect(report.matrix.empty()).toEqual([])
    // Time may pass unseen where nothing falls due meanwhile.
    const kinds = ['frozen', 'clockStands', 'clockBack'] as const
    expect(kinds.map((kind) => (report.kinds[kind] ?? 0) > 0)).toEqual([true, true, true])
  })

  test('a task goes on from its progress, which is compared', async () => {
    const { matrix, figures } = await verifyInterruptions(asking(task(real) as never), {
      mode: 'exhaustive',
      actors: { ask: { progress: [{ at: 1 }, { at: 2 }], resolves: 1, afterMs: 20 } },
    })
    // Idle before and after; waiting for each part and for the end, at first and from then on.
    expect(figures.states).toBe(2 + 2 * 3)
    expect(matrix.empty()).toEqual([])
  })

  test('a task runs as written but for its driven steps, and its own bugs are found', async () => {
    const sound = task(async ({ step }: TaskScope) => `${await step('one', real)} ${await step('two', real)}`)
    const steps = { one: { resolves: 1, afterMs: 20 }, two: { resolves: 2, afterMs: 20 } }
    const said: unknown[] = []
    await verifyInterruptions(asking(sound as never), {
      mode: 'exhaustive',
      actors: { ask: { steps } },
      invariants: { said: ({ context }) => said.push(context.last) },
    })
    expect(said).toContain('1 2')

    // What is known beside the steps is not known to the next run.
    const broken = task(async ({ step, input }: TaskScope) => {
      let known = input
      await step('one', () => 1)
      await step('two', () => {
        known = 'two'
        return 2
      })
      await step('three', real)
      return known
    })
    const three = { three: { resolves: 3, afterMs: 20 } }
    const bug = await thrownBy(
      verifyInterruptions(asking(broken as never), { mode: 'exhaustive', actors: { ask: { steps: three } } }),
    )
    expect(bug).toBeInstanceOf(InterruptionBugError)
    expect((bug as InterruptionBugError<unknown>).difference).toContain('machine.context.last')
  })
})
