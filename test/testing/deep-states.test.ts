import { task } from 'tardigrade'
import { verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { type AnyActorLogic, assign, createMachine, fromObservable, fromPromise, setup } from 'xstate'

const TYPES = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H']

/** Each state takes one of the events, and ignores all others. */
function chain(length: number) {
  const states = Array.from({ length }, (_, at) => {
    const type = TYPES[(at * 5) % TYPES.length] ?? ''
    return [`s${at}`, at === length - 1 ? {} : { on: { [type]: `s${at + 1}` } }] as const
  })
  return createMachine({ id: 'chain', initial: 's0', states: Object.fromEntries(states) })
}

describe('plans by chance', () => {
  test.each([1, 2, 3, 4, 5])(
    'come into each state of a chain that ignores most events, and interrupt it there: seed %d',
    async (seed) => {
      const { figures, matrix } = await verifyInterruptions(chain(12), { seed })
      expect(figures.neverReached).toEqual([])
      const interrupted = matrix.cells().filter(({ count }) => count > 0)
      expect(new Set(interrupted.map(({ state }) => state)).size).toBe(12)
    },
  )

  test('are the same for the same seed', async () => {
    const [one, two] = [
      await verifyInterruptions(chain(8), { seed: 7, runs: 30 }),
      await verifyInterruptions(chain(8), { seed: 7, runs: 30 }),
    ]
    expect(JSON.stringify(two)).toBe(JSON.stringify(one))
  })

  test('have no more steps than they may, and the report says what helps', async () => {
    const report = await verifyInterruptions(chain(12), { seed: 1, mostSteps: 9, kinds: ['kill'] })
    expect(report.steps).toBeLessThanOrEqual(9 * report.runs)
    expect(report.figures.neverReached).toContain('chain.s11')
    expect(`${report}`).toMatch(/^Never reached: chain\.s11\. It is 11 steps away, .*more `mostSteps`\.$/m)
    const enough = await verifyInterruptions(chain(12), { seed: 1, mostSteps: 18, kinds: ['kill'] })
    expect(enough.figures.neverReached).toEqual([])
    const few = await verifyInterruptions(chain(12), { seed: 1, runs: 1, kinds: ['kill'] })
    expect(`${few}`).toMatch(/^Never reached: chain\.s11\. It is 11 steps away, .*: give more `runs`\.$/m)
  })
})

describe('of a state that was never reached the report says', () => {
  const door = setup({
    types: { context: {} as { tries: number }, events: {} as { type: 'KEY'; code: number } },
    guards: { right: ({ event }) => event.code === 7 },
  }).createMachine({
    id: 'door',
    context: { tries: 0 },
    initial: 'shut',
    states: {
      shut: {
        on: {
          KEY: [
            { guard: 'right', target: 'open' },
            { actions: assign({ tries: ({ context }) => Math.min(3, context.tries + 1) }) },
          ],
        },
      },
      open: {},
    },
  })

  test('that the events do not lead there, where all was tried', async () => {
    const report = await verifyInterruptions(door, { seed: 1, runs: 20, events: [{ type: 'KEY', code: 1 }] })
    expect(`${report}`).toMatch(/^Never reached: door\.open\. Neither these events nor time lead there: /m)
  })

  const errand = setup({
    types: { events: {} as { type: 'GO' } },
    actors: { fetch: task(async ({ step }) => step('once', () => 1)) },
  }).createMachine({
    id: 'errand',
    initial: 'idle',
    states: {
      idle: { on: { GO: 'fetching' } },
      fetching: { invoke: { src: 'fetch', id: 'fetch', onDone: 'done' } },
      done: {},
    },
  })

  test.each([{ fetch: 'run' as const }, {}])(
    'that a task that runs as written ends at once there: %o',
    async (actors) => {
      const report = await verifyInterruptions(errand, { seed: 1, runs: 20, actors })
      expect(`${report}`).toMatch(
        /^Never reached: errand\.fetching\. “fetch” runs as written there and ends at once, .*`afterMs`\.$/m,
      )
    },
  )

  const building = task(async ({ step }) => step('once', () => 1))
  const backing = setup({
    types: { events: {} as { type: 'GO' } | { type: 'NEVER' } },
    actors: { build: building },
    guards: { never: () => false },
  }).createMachine({
    id: 'backing',
    initial: 'idle',
    states: {
      idle: { on: { GO: 'building', NEVER: { guard: 'never', target: 'both' } } },
      building: { invoke: { src: 'build', onDone: 'idle', onError: 'backoff' } },
      backoff: { after: { 50: 'building' }, on: { GO: 'both' } },
      both: { on: { GO: 'idle' } },
    },
  })
  const failures = /^Never reached: backing\.backoff\. Only a failure of “build” leads there: .*`rejects`\.$/m

  test.each([
    {},
    { build: 'run' as const },
    { build: { resolves: 1, afterMs: 5 } },
    { build: { steps: { once: { resolves: 1 } } } },
  ])('that only a failure leads there: %o', async (actors) => {
    const report = await verifyInterruptions(backing, { seed: 1, runs: 10, actors })
    expect(`${report}`).toMatch(failures)
    expect(`${report}`).toMatch(/^Never reached: backing\.both\. (No way|Neither)/m)
  })

  test('and not so where it fails', async () => {
    const actors = { build: [{ rejects: new Error('no'), afterMs: 5 }, { resolves: 1 }] }
    const report = await verifyInterruptions(backing, { seed: 1, runs: 30, actors })
    expect(`${report}`).not.toContain('Only a failure')
    expect(report.figures.neverReached).not.toContain('backing.backoff')
  })

  test.each([
    ['a machine, which no driver has fail', createMachine({}), {}],
    [
      'an observable, likewise',
      fromObservable(() => ({ subscribe: () => ({ unsubscribe: () => {} }) })),
      { emits: [] },
    ],
    [
      'a promise, and a history state leads there as well',
      fromPromise(async () => 1),
      { resolves: 1, afterMs: 5 },
    ],
  ] as const)('and not so of %s', async (what, logic, driver) => {
    const machine = setup({
      types: { events: {} as { type: 'GO' } | { type: 'BACK' } },
      actors: { work: logic as AnyActorLogic },
    }).createMachine({
      id: 'working',
      initial: 'idle',
      states: {
        idle: { on: { GO: 'in' } },
        in: {
          initial: 'work',
          on: { BACK: 'idle' },
          states: {
            work: { invoke: { src: 'work', onError: 'failed' } },
            failed: {},
            ...(what.includes('history') ? { last: { type: 'history', target: 'failed' } as const } : {}),
          },
        },
      },
    })
    const actors = Object.keys(driver).length === 0 ? {} : { work: driver }
    const report = await verifyInterruptions(machine, { seed: 1, runs: 20, actors: actors as never })
    expect(report.figures.neverReached).toContain('working.in.failed')
    expect(`${report}`).not.toContain('Only a failure')
  })

  test('and not so where it has never begun', async () => {
    const report = await verifyInterruptions(errand, {
      mode: 'crashPoints',
      sequences: [[{ do: 'advance', ms: 5 }]],
      actors: { fetch: 'run' },
    })
    expect(`${report}`).toMatch(/^Never reached: errand\.fetching, errand\.done\. Give `sequences`/m)
  })
})
