import { verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { assign, fromPromise, setup } from 'xstate'

/** Fails at every second event, by itself. */
const failing = setup({
  types: { context: {} as { n: number }, events: {} as { type: 'GO' } },
  actions: { tell: () => {} },
}).createMachine({
  id: 'failing',
  context: { n: 0 },
  on: {
    GO: {
      actions: [
        'tell',
        assign(({ context }) => {
          if (context.n > 0) throw new Error('broken.')
          return { n: context.n + 1 }
        }),
      ],
    },
  },
})

describe('a machine that fails by itself', () => {
  test('is the same with any interruption as without, and the report says in how many plans it failed', async () => {
    const report = await verifyInterruptions(failing, { seed: 1 })
    const failed = report.figures.failed['Error: broken'] ?? 0
    expect(failed).toBeGreaterThan(50)
    expect(failed).toBeLessThan(100)
    expect(`${report}`).toContain(`The machine failed by itself in ${failed} of 100 plans: Error: broken.`)
  })

  test('so it is at every commit and effect, and in every state', async () => {
    const points = await verifyInterruptions(failing, {
      mode: 'crashPoints',
      sequences: [[{ type: 'GO' }, { type: 'GO' }]],
    })
    expect(points.figures.failed).toEqual({ 'Error: broken': points.runs })
    const all = await verifyInterruptions(failing, { mode: 'exhaustive' })
    expect(all.figures.failed['Error: broken']).toBeGreaterThan(0)
  })

  test('so is one whose failure follows what a torn commit has left, wherever that is', async () => {
    const asking = setup({
      types: { events: {} as { type: 'GO' } },
      actors: { grind: fromPromise(async () => 'never called') },
    }).createMachine({
      id: 'asking',
      initial: 'idle',
      states: { idle: { on: { GO: 'busy' } }, busy: { invoke: { src: 'grind', id: 'grind' } } },
    })
    const actors = { grind: { rejects: new RangeError('too coarse') } }
    const { figures, runs } = await verifyInterruptions(asking, {
      mode: 'crashPoints',
      actors,
      sequences: [[{ type: 'GO' }]],
    })
    expect(figures.failed).toEqual({ 'RangeError: too coarse': runs })
    await verifyInterruptions(asking, { actors, kinds: ['storeTears'], runs: 30, seed: 1 })
  })

  test('one that fails only where it is interrupted is a bug of the interruption', async () => {
    const lives = new WeakSet<object>()
    const fragile = setup({ types: { events: {} as { type: 'GO' } | { type: 'REST' } } }).createMachine({
      id: 'fragile',
      on: {
        REST: {
          actions: assign(({ self }) => {
            lives.add(self)
            return {}
          }),
        },
        GO: {
          actions: assign(({ self }) => {
            if (!lives.has(self)) throw new Error('who are you?')
            return {}
          }),
        },
      },
    })
    await expect(verifyInterruptions(fragile, { seed: 1, kinds: ['kill'] })).rejects.toMatchObject({
      name: 'InterruptionBugError',
      difference: expect.stringContaining('lifecycle is "failed", and "running" without'),
    })
  })
})
