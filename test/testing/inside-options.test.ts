import { InvalidOptionError, type TaskScope, task } from 'tardigrade'
import {
  type MakeHost,
  type MakeStore,
  UnverifiableError,
  type VerifyOptions,
  verifyHost,
  verifyInterruptions,
  verifyStore,
} from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { assign, createMachine, fromCallback, fromObservable, fromPromise, setup } from 'xstate'
import { gate, thrownBy } from './machines.js'

const real = () => {
  throw new Error('nobody may begin the real one')
}

/** Works outside in every way. */
const worker = setup({
  types: { events: {} as { type: 'GO' } | { type: 'SEEN.one' } },
  actors: {
    charge: fromPromise(real),
    pack: task(async ({ step }: TaskScope) => step('wrap', real)),
    listen: fromCallback(real),
    watch: fromObservable(real),
  },
}).createMachine({
  id: 'worker',
  initial: 'idle',
  on: { 'SEEN.*': {} },
  states: { idle: { on: { GO: 'busy' } }, busy: { invoke: { src: 'charge' }, on: { GO: 'idle' } } },
})
const actors = { charge: { resolves: 1 }, listen: { sends: [] }, watch: { emits: [] } }

async function refusal(run: Promise<unknown>): Promise<string> {
  const refused = await thrownBy(run)
  expect(refused).toBeInstanceOf(InvalidOptionError)
  return (refused as Error).message
}

describe('what stands inside an option and would say nothing is refused with its path', () => {
  test.each([
    [{ charge: { resolves: 1, after: 5 } }, /actors\.charge\.after is 5\. Give .*afterMs/],
    [
      { charge: { resolves: 1, afterMs: -5 } },
      /actors\.charge\.afterMs is -5\. Give a number of milliseconds/,
    ],
    [{ charge: { resolves: 1, afterMs: '5' } }, /actors\.charge\.afterMs is "5"\./],
    [{ charge: { resolves: 1, afterMs: Number.POSITIVE_INFINITY } }, /actors\.charge\.afterMs is Infinity\./],
    [
      { charge: { resolves: 1, rejects: 2 } },
      /actors\.charge is {"resolves":1,"rejects":2}\. Give .*just one of resolves, rejects/,
    ],
    [{ charge: [{ resolves: 1 }, { rejects: 1, until: 2 }] }, /actors\.charge\[1\]\.until is 2\./],
    [
      { pack: { resolves: 1, progress: [{ at: 1 }, { at: 1 }] } },
      /actors\.pack\.progress is .*none of them twice/,
    ],
    [{ pack: { resolves: 1, progress: 5 } }, /actors\.pack\.progress is 5\./],
    [
      { pack: { steps: { wrap: { resolve: 1 } } } },
      /actors\.pack\.steps\.wrap is {"resolve":1}\. Give .*resolves, rejects/,
    ],
    [{ pack: { steps: { wrap: { resolves: 1, afterMs: -1 } } } }, /actors\.pack\.steps\.wrap\.afterMs is -1/],
    [{ pack: { steps: 5 } }, /actors\.pack\.steps is 5\. Give answers by the names/],
    [{ listen: { sends: [{ typ: 'A' }] } }, /actors\.listen\.sends\[0\] is .*Give a list of events/],
    [{ listen: { sends: [], afterMs: 5 } }, /actors\.listen\.afterMs is 5\. Give .*`sends`/],
    [{ watch: { emits: 5 } }, /actors\.watch\.emits is 5\. Give a list of values/],
    [{ watch: { emits: [], completes: 'yes' } }, /actors\.watch\.completes is "yes"\. Give true, false/],
  ])('a driver: %j', async (wrong, message) => {
    const options = { actors: { ...actors, ...wrong } }
    expect(await refusal(verifyInterruptions(worker, options as never))).toMatch(message)
  })

  test.each([
    [[[]], /sequences\[0\] is \[\]\. Give .*one or more/],
    [[[{ do: 'advanc', ms: 1 }]], /sequences\[0\]\[0\] is {"do":"advanc","ms":1}\./],
    [[[{ do: 'kill' }]], /sequences\[0\]\[0\] is {"do":"kill"}\./],
    [[[{ do: 'advance' }]], /sequences\[0\]\[0\] is {"do":"advance"}\./],
    [[[{ do: 'advance', ms: -5 }]], /sequences\[0\]\[0\] is {"do":"advance","ms":-5}\. Give .*0 or more/],
    [[[{ do: 'send', event: {} }]], /sequences\[0\]\[0\] is {"do":"send","event":{}}\./],
    [
      [[{ type: 'GO' }, { type: 'NOPE' }]],
      /sequences\[0\]\[1\] is of an event “NOPE”, which worker takes in none .* Give .*GO/,
    ],
    [[[{ do: 'send', event: { type: 'SEENX' } }]], /of an event “SEENX”/],
  ])('a sequence: %j', async (sequences, message) => {
    const options = { actors, mode: 'crashPoints', sequences }
    expect(await refusal(verifyInterruptions(worker, options as never))).toMatch(message)
  })

  test('an event of a pattern is one that the machine takes', async () => {
    await verifyInterruptions(worker, { actors, mode: 'crashPoints', sequences: [[{ type: 'SEEN.one' }]] })
  })

  test.each([
    [
      { mode: 'crashPoints', sequences: [[{ type: 'GO' }]], kinds: ['kill'] },
      /kinds is \["kill"\], and mode: 'crashPoints' takes none\. Give it with mode: 'random' or 'exhaustive'/,
    ],
    [{ mode: 'crashPoints', sequences: [[{ type: 'GO' }]], events: [] }, /events is \[\], and mode: 'crashP/],
    [
      { mode: 'exhaustive', runs: 5 },
      /runs is 5, and mode: 'exhaustive' takes none\. Give it with mode: 'random', or/,
    ],
    [{ mode: 'exhaustive', seed: 0 }, /seed is 0, and mode/],
    [{ mode: 'exhaustive', mostSteps: 5 }, /mostSteps is 5, and mode/],
    [{ mode: 'exhaustive', longestMs: 5 }, /longestMs is 5, and mode/],
    [{ depth: 3 }, /depth is 3, and mode: 'random' takes none\. Give it with mode: 'exhaustive'/],
    [{ key: () => 1 }, /key is .*mode: 'exhaustive'/],
    [
      { mostStates: 5, mode: 'crashPoints', sequences: [[{ type: 'GO' }]] },
      /mostStates is 5, and mode: 'crashPoints'/,
    ],
    [{ sequences: [[{ type: 'KNOCK' }]] }, /sequences is .*mode: 'crashPoints'/],
  ])('an option of another mode: %o', async (options, message) => {
    expect(await refusal(verifyInterruptions(gate, options as never))).toMatch(message)
  })

  test('an answer that comes later', async () => {
    const invariants = { settled: async () => Promise.reject(new Error('nobody hears of it')) }
    expect(await refusal(verifyInterruptions(gate, { invariants } as never))).toMatch(
      /invariants\.settled is a function that returns a promise\./,
    )
    const normalize = async (seen: unknown) => seen
    expect(await refusal(verifyInterruptions(gate, { normalize }))).toMatch(/normalize is .*promise/)
  })

  test('what leaves nothing to compare', async () => {
    for (const nothing of [undefined, null]) {
      const message = await refusal(verifyInterruptions(gate, { normalize: () => nothing }))
      expect(message).toMatch(new RegExp(`normalize is a function that returned ${nothing}\\. Give .*seen`))
    }
  })

  test.each([
    [{ rnus: 5 }, /There is no option rnus of verify(Store|Host)\. Give only, seed, runs, timeoutMs/],
    [{ runs: 0 }, /runs is 0\./],
    [{ seed: 'x' }, /seed is "x"\./],
    [{ only: 'all' }, /only is "all"\./],
    [{ timeoutMs: -1 }, /timeoutMs is -1\./],
  ])('of the contracts: %j', async (options, message) => {
    expect(await refusal(verifyStore(real as MakeStore, options as never))).toMatch(message)
    expect(await refusal(verifyHost(real as MakeHost, options as never))).toMatch(message)
  })
})

/** Goes round by itself. */
const clock = setup({ types: { context: {} as { n: number } } }).createMachine({
  id: 'clock',
  context: { n: 0 },
  initial: 'a',
  states: {
    a: {
      after: {
        1000: { target: 'a', reenter: true, actions: assign({ n: ({ context }) => (context.n + 1) % 3 }) },
      },
    },
  },
})

describe('a machine without events is verified as time passes', () => {
  test.each([
    { seed: 1 },
    { seed: 1, events: [] },
    { mode: 'exhaustive' },
    { mode: 'crashPoints', sequences: [[{ do: 'advance', ms: 2500 }]] },
  ] as const satisfies readonly VerifyOptions[])('%j', async (options) => {
    const { kinds, matrix } = await verifyInterruptions(clock, options)
    expect(Object.keys(kinds).length).toBeGreaterThan(2)
    expect(matrix.states).toEqual(['a'])
    if (options.mode === 'exhaustive') expect(matrix.empty()).toEqual([])
  })

  test('but not one of which nothing is known', async () => {
    for (const on of [{}, { '*': {} }]) {
      const refused = await thrownBy(verifyInterruptions(createMachine({ id: 'unknown', on })))
      expect(refused).toBeInstanceOf(UnverifiableError)
      expect((refused as Error).message).toContain('it names no event')
    }
  })
})
