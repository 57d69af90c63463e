import fc from 'fast-check'
import { InterruptionBugError, type Step, UnverifiableError, verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { assign, createMachine, fromPromise, setup } from 'xstate'
import { regions } from '../interruption/machines.js'
import { canary, counter, gate, thrownBy } from './machines.js'

describe('exhaustive mode', () => {
  test('interrupts every state in every way before everything that can come next', async () => {
    const { figures, matrix, kinds } = await verifyInterruptions(gate, { mode: 'exhaustive' })
    // Shut with 0, 1 and 2 knocks, and open.
    expect(figures.states).toBe(4)
    expect(figures.neverReached).toEqual([])
    expect(figures.seed).toBeUndefined()
    expect(matrix.states).toEqual(['shut', 'open'])
    expect(matrix.empty()).toEqual([])
    // Each point of a crash, in each of the 4 states, before each of the 2 events.
    expect(kinds.crash).toBeGreaterThanOrEqual(5 * 4 * 2)
    const open = matrix.cells().filter(({ state, kind }) => state === 'open' && kind === 'kill')
    expect(open.map(({ next, count }) => [next, count > 0])).toEqual([
      ['KNOCK', true],
      ['SHUT', true],
      ['time', true],
    ])
  })

  test('goes through regions, with a key of the author’s', async () => {
    const { matrix } = await verifyInterruptions(regions([]), {
      mode: 'exhaustive',
      kinds: ['kill', 'crash'],
      depth: 2,
      key: ({ context }) => context.n % 3,
    })
    expect(matrix.empty()).toEqual([])
    expect(matrix.states.some((state) => state.includes('(left.l1 + right.r1'))).toBe(true)
  })

  test('waits for the answers of what works outside', async () => {
    const asking = setup({ actors: { ask: fromPromise(async () => 'never called') } }).createMachine({
      id: 'asking',
      initial: 'idle',
      states: {
        idle: { on: { GO: 'waiting' } },
        waiting: { invoke: { src: 'ask', id: 'ask', onDone: 'answered' } },
        answered: {},
      },
    })
    const actors = { ask: { resolves: 'an answer', afterMs: 300 } }
    const { matrix, figures } = await verifyInterruptions(asking, { mode: 'exhaustive', actors })
    expect(matrix.states).toEqual(['idle', 'waiting', 'answered'])
    expect(matrix.empty()).toEqual([])
    expect(figures.neverReached).toEqual([])
    const sleeping = matrix.cells().filter(({ state, kind }) => state === 'waiting' && kind === 'sleep')
    expect(sleeping.every(({ cannot }) => cannot)).toBe(true)
  })

  test('finds the canary in two steps', async () => {
    const bug = await thrownBy(verifyInterruptions(canary(), { mode: 'exhaustive', depth: 2 }))
    expect(bug).toBeInstanceOf(InterruptionBugError)
    expect((bug as InterruptionBugError<Step>).steps.length).toBeLessThanOrEqual(3)
  })

  test('says which part has no end, and which option ends it', async () => {
    const endless = await thrownBy(verifyInterruptions(counter, { mode: 'exhaustive', mostStates: 20 }))
    expect(endless).toBeInstanceOf(UnverifiableError)
    expect((endless as Error).message).toMatch(
      /^The state space .*more than 20 states, as with a context that never repeats: ever new ones come of “send {"type":"ADD"}”, again and again\. Give `key:.*`depth`/,
    )
    const keyed = await verifyInterruptions(counter, {
      mode: 'exhaustive',
      key: ({ context }) => context.n % 3,
    })
    expect(keyed.figures.states).toBe(3)
    const near = await verifyInterruptions(counter, { mode: 'exhaustive', depth: 3 })
    expect(near.figures.states).toBe(4)
    expect(near.matrix.empty()).toEqual([])
  })

  test('says so early where it grows with every event, all of them in turn, or one or two again and again', async () => {
    let transitions = 0
    const add = assign(({ context: { n } }: { context: { n: number } }) => {
      transitions++
      return { n: n + 1 }
    })
    const alone = createMachine({
      context: { n: 0 },
      on: { ADD: { actions: add }, CLEAR: { actions: assign({ n: 0 }) } },
    })
    const inTurn = createMachine({
      context: { n: 0 },
      initial: 'here',
      states: { here: { on: { GO: 'there' } }, there: { on: { BACK: { target: 'here', actions: add } } } },
    })
    const byTwo = createMachine({
      context: { n: 0 },
      initial: 'here',
      on: { CLEAR: { actions: assign({ n: 0 }) } },
      states: { here: { on: { GO: 'there' } }, there: { on: { BACK: { target: 'here', actions: add } } } },
    })
    for (const machine of [alone, inTurn, byTwo]) {
      transitions = 0
      const endless = await thrownBy(verifyInterruptions(machine, { mode: 'exhaustive', mostStates: 100 }))
      expect((endless as Error).message).toContain('more than 100 states')
      // Each state by the whole way from the beginning would take thousands.
      expect(transitions).toBeLessThan(600)
    }
    // What is there is gone through, however many states one event leads to, one after another.
    const round = createMachine({
      context: { n: 0 },
      on: { ADD: { actions: assign({ n: ({ context: { n } }) => (n + 1) % 30 }) } },
    })
    const kinds = ['kill'] as const
    const { figures } = await verifyInterruptions(round, { mode: 'exhaustive', mostStates: 30, kinds })
    expect(figures.states).toBe(30)
  })

  test('gives the platform its turn while it looks for states', async () => {
    let turns = 0
    const turn = () => void (turns++ < 1000 && setImmediate(turn))
    setImmediate(turn)
    // None of the events leads far by itself, nor do two or all in turn.
    const machine = createMachine({
      context: { n: 0 },
      initial: 'here',
      on: { CLEAR: { actions: assign({ n: 0 }) } },
      states: {
        here: { on: { GO: 'on' } },
        on: { on: { ON: 'there' } },
        there: { on: { BACK: { target: 'here', actions: assign({ n: ({ context }) => context.n + 1 }) } } },
      },
    })
    const endless = await thrownBy(verifyInterruptions(machine, { mode: 'exhaustive', mostStates: 60 }))
    expect((endless as Error).message).toContain('more than 60 states')
    expect(turns).toBeGreaterThanOrEqual(3)
    turns = 1000
  })

  test('refuses a machine that loops for ever in one transition, at the beginning or later', async () => {
    const spinning = { id: 'spin', initial: 'a', states: { a: { always: 'b' }, b: { always: 'a' } } }
    const later = { ...spinning, initial: 'rest', states: { ...spinning.states, rest: { on: { GO: 'a' } } } }
    for (const config of [{ ...spinning, on: { GO: '.a' } }, later]) {
      for (const mode of ['exhaustive', 'random'] as const) {
        const refused = await thrownBy(verifyInterruptions(createMachine(config), { mode }))
        expect(refused).toBeInstanceOf(UnverifiableError)
        expect((refused as Error).message).toContain('a transition of it never ends')
        expect((refused as Error).message).toContain('`always`')
      }
    }
  })

  test('refuses arbitraries, which have no end', async () => {
    const options = { mode: 'exhaustive', events: [fc.constant({ type: 'ADD' })] } as const
    // Its type says so too.
    const refused = await thrownBy(verifyInterruptions(counter, options as never))
    expect(refused).toMatchObject({ message: expect.stringContaining("mode: 'random'") })
  })
})

let calls = 0
test.each([
  ['chance', () => Math.random()],
  ['a counter of its module', () => calls++],
  ['the clock', () => Date.now() + performance.now()],
])('what reads %s is called flaky, and not endless', async (_, read) => {
  const machine = createMachine({
    id: 'reading',
    context: { read: -1 as number },
    on: { READ: { actions: assign({ read: () => read() }) } },
  })
  const error = (await thrownBy(
    verifyInterruptions(machine, { mode: 'exhaustive', mostStates: 50 }),
  )) as Error
  expect(error.name).toBe('FlakyMachineError')
  expect(error.message).toMatch(/, after:\n {2}1\. send {"type":"READ"}\nThen: machine\.context\.read is /)
})
