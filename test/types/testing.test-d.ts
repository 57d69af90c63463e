import { defineService, type TaskScope, task } from 'tardigrade'
import {
  record,
  replay,
  trace,
  type VerifyOptions,
  type VerifyReport,
  verifyInterruptions,
} from 'tardigrade/testing'
import { expectTypeOf, test } from 'vitest'
import { createMachine, fromCallback, fromObservable, fromPromise, setup } from 'xstate'

const machine = setup({
  types: {
    context: {} as { n: number },
    input: {} as { most: number },
    events: {} as { type: 'ADD'; by: number } | { type: 'CLEAR' },
  },
}).createMachine({ context: { n: 0 }, initial: 'a', states: { a: {} } })

const input = { most: 1 }

type Options = VerifyOptions<typeof machine>

test('events, input and snapshots are the machine’s', () => {
  expectTypeOf(verifyInterruptions(machine, { input: { most: 1 } })).resolves.toEqualTypeOf<VerifyReport>()
  const key: Extract<Options, { mode: 'exhaustive' }>['key'] = ({ context }) => {
    expectTypeOf(context).toEqualTypeOf<{ n: number }>()
    return context.n
  }
  void key
  void verifyInterruptions(machine, { input, mode: 'exhaustive', events: [{ type: 'ADD', by: 1 }], depth: 2 })
  // @ts-expect-error: no event of this machine
  void verifyInterruptions(machine, { input, events: [{ type: 'OTHER' }] })
  // @ts-expect-error: no input of this machine
  void verifyInterruptions(machine, { input: { least: 1 } })
})

test('a machine that needs an input must be given it, as by `start`', () => {
  // @ts-expect-error: its input is missing
  void verifyInterruptions(machine)
  // @ts-expect-error: likewise
  void verifyInterruptions(machine, { mode: 'exhaustive' })
  // @ts-expect-error: likewise
  void verifyInterruptions(defineService({ id: 's', version: 1, machine }), { runs: 5 })
  // @ts-expect-error: likewise
  void replay(machine, 'token')
  // @ts-expect-error: likewise
  void trace(machine, 'token', {})
  // @ts-expect-error: likewise
  void record(machine, 'token')
  void replay(machine, 'token', { input })
  void trace(defineService({ id: 's', version: 1, machine }), 'token', { input })
  void record(machine, 'token', { input })
})

test('workers are a number, and find the service and what is no data in its module', () => {
  const place = { module: './order.js', export: 'order', options: 'verify' }
  expectTypeOf(verifyInterruptions(place, { workers: 2, runs: 5 })).resolves.toEqualTypeOf<VerifyReport>()
  expectTypeOf<Options['workers']>().toEqualTypeOf<number | undefined>()
  // @ts-expect-error: how many, and not whether
  void verifyInterruptions(place, { workers: true })
  // @ts-expect-error: the name of an export, and not the options themselves
  void verifyInterruptions({ module: './order.js', options: { runs: 5 } })
})

test('one that needs none, or is in a module, may go without', () => {
  const lamp = setup({ types: { events: {} as { type: 'PRESS' } } }).createMachine({})
  const optional = setup({ types: { input: {} as { most: number } | undefined } }).createMachine({})
  void verifyInterruptions(lamp)
  void verifyInterruptions(lamp, { events: [{ type: 'PRESS' }] })
  void verifyInterruptions(optional)
  void verifyInterruptions(optional, { input })
  void verifyInterruptions({ module: './order.js' })
  void verifyInterruptions({ module: './order.js', export: 'order' }, { input, isolate: 'process' })
  void replay(lamp, 'token')
})

test('an invariant answers at once, and an answer is one of two', () => {
  const set = new Set<number>()
  const list: number[] = []
  void verifyInterruptions(machine, {
    input,
    invariants: {
      held: ({ context }) => context.n >= 0,
      noted: ({ context }) => list.push(context.n),
      kept: ({ context }) => set.add(context.n),
      thrown: () => {},
    },
  })
  // @ts-expect-error: nobody waits for it
  void verifyInterruptions(machine, { input, invariants: { late: async () => false } })
  void verifyInterruptions(machine, {
    input,
    actors: { charge: [{ resolves: 1 }, { rejects: 2, afterMs: 5 }] },
  })
})

test('each mode has its own options', () => {
  void verifyInterruptions(machine, {
    input,
    mode: 'crashPoints',
    sequences: [[{ type: 'CLEAR' }, { do: 'advance', ms: 5 }]],
  })
  void verifyInterruptions(machine, {
    input,
    mode: 'crashPoints',
    sequences: [
      [
        { type: 'ADD', by: 1 },
        { do: 'send', event: { type: 'ADD', by: 2 } },
      ],
    ],
  })
  // @ts-expect-error: no event of this machine
  void verifyInterruptions(machine, { input, mode: 'crashPoints', sequences: [[{ type: 'OTHER' }]] })
  // @ts-expect-error: its data are missing
  void verifyInterruptions(machine, { input, mode: 'crashPoints', sequences: [[{ type: 'ADD' }]] })
  // @ts-expect-error: nothing is counted in runs there
  void verifyInterruptions(machine, { input, mode: 'exhaustive', runs: 5 })
  // @ts-expect-error: it has no end without sequences
  void verifyInterruptions(machine, { input, mode: 'crashPoints' })
  // @ts-expect-error: no such oracle
  void verifyInterruptions(machine, { input, effects: { mail: 'twice' } })
})

test('an option of another mode is refused, wherever it came from', () => {
  // @ts-expect-error: nothing has a depth by chance
  void verifyInterruptions(machine, { input, depth: 3 })
  // @ts-expect-error: likewise, beside what is right
  void verifyInterruptions(machine, { input, seed: 1, mostStates: 5 })
  // @ts-expect-error: likewise
  void verifyInterruptions(machine, { input, mode: 'random', key: () => 1 })
  const given = { input, depth: 3 }
  // @ts-expect-error: likewise, in an object of before
  void verifyInterruptions(machine, given)
  // @ts-expect-error: sequences are of another mode
  void verifyInterruptions(machine, { input, mode: 'exhaustive', sequences: [[{ type: 'CLEAR' }]] })
  const sequences = [[{ type: 'CLEAR' as const }]]
  // @ts-expect-error: its kinds are those around a commit and an effect
  void verifyInterruptions(machine, { input, mode: 'crashPoints', sequences, kinds: ['kill'] })
  const earlier = defineService({ id: 's', version: 1, machine: createMachine({}) })
  void verifyInterruptions(machine, { input, earlier })
  // @ts-expect-error: it begins with no earlier version
  void verifyInterruptions(machine, { input, mode: 'crashPoints', sequences, earlier })
  // Those that a module exports may be of several modes.
  const exported = { key: () => 1, events: [{ type: 'CLEAR' }] } satisfies Options
  void exported
})

test('an input has no other parts than the machine’s', () => {
  // @ts-expect-error: a part that it does not have
  void verifyInterruptions(machine, { input: { most: 1, least: 2 } })
  // @ts-expect-error: a part that is no number
  void replay(machine, 'token', { input: { most: '1' } })
})

test('a driver is of the kind of its actor, as far as types tell', () => {
  const works = setup({
    types: { events: {} as { type: 'GO' } },
    actors: {
      charge: fromPromise(async () => 'receipt'),
      pack: task(async () => 1),
      listen: fromCallback(() => {}),
      watch: fromObservable<number, undefined>(() => {
        throw new Error('the real one')
      }),
    },
  }).createMachine({})
  void verifyInterruptions(works, {
    actors: {
      charge: { resolves: 'receipt' },
      pack: { resolves: 1, progress: [1] },
      listen: { sends: [{ type: 'GO' }] },
      watch: { emits: [1], completes: true },
    },
  })
  void verifyInterruptions(works, { actors: { charge: 'run', pack: { steps: { wrap: { resolves: 1 } } } } })
  // @ts-expect-error: a promise sends nothing
  void verifyInterruptions(works, { actors: { charge: { sends: [] } } })
  // @ts-expect-error: and shows nothing
  void verifyInterruptions(works, { actors: { charge: { emits: [] } } })
  // @ts-expect-error: and has no steps
  void verifyInterruptions(works, { actors: { charge: { steps: {} } } })
  // @ts-expect-error: and no progress
  void verifyInterruptions(works, { actors: { charge: { resolves: 'receipt', progress: [1] } } })
  const counts = setup({
    actors: {
      count: task(async ({ progress }: TaskScope<{ day: number }, number>) => {
        await progress.set(3)
        return 'x'
      }),
    },
  }).createMachine({})
  void verifyInterruptions(counts, {
    actors: { count: [{ progress: [1, 2], resolves: 'x' }, { resolves: 'y' }] },
  })
  // @ts-expect-error: its progress is a number
  void verifyInterruptions(counts, { actors: { count: { progress: ['x'], resolves: 'x' } } })
  // @ts-expect-error: likewise, of one answer of several
  void verifyInterruptions(counts, { actors: { count: [{ progress: ['x'], resolves: 'x' }] } })
  // @ts-expect-error: a task sends nothing
  void verifyInterruptions(works, { actors: { pack: { sends: [] } } })
  // @ts-expect-error: a callback comes to nothing
  void verifyInterruptions(works, { actors: { listen: { resolves: 1 } } })
  // @ts-expect-error: an observable comes to nothing
  void verifyInterruptions(works, { actors: { watch: { resolves: 1 } } })
})

const charge = fromPromise(async (): Promise<string> => 'receipt')
const line = setup({
  types: { events: {} as { type: 'RING' } | { type: 'HANG' } },
  actors: { ear: fromCallback(() => {}) },
}).createMachine({})
const shop = setup({
  types: { events: {} as { type: 'PAY' }, emitted: {} as { type: 'paid' } },
  actors: { charge, line },
  actions: { print: () => {} },
}).createMachine({})

const stall = setup({
  types: { emitted: {} as { type: 'paid' } },
  actors: { charge },
  actions: { print: () => {} },
}).createMachine({})

test('drivers and oracles are of what the machine and those inside it have, as far as types know', () => {
  void verifyInterruptions(shop, {
    actors: { charge: { resolves: 'paid', afterMs: 5 }, ear: { sends: [{ type: 'RING' }] } },
    effects: { print: 'idempotent', paid: 'atMostOnce', charge: 'exactlyOnce' },
  })
  void replay(shop, 'token', { actors: { charge: [{ resolves: 'one' }, { rejects: new Error('no') }] } })
  // @ts-expect-error: a misspelt name
  void verifyInterruptions(shop, { actors: { chagre: { resolves: 'paid' } } })
  // @ts-expect-error: which of them?
  void verifyInterruptions(shop, { actors: { charge: { resolves: 'paid', rejects: 2 } } })
  // @ts-expect-error: it comes to a text
  void verifyInterruptions(shop, { actors: { charge: { resolves: 1 } } })
  // @ts-expect-error: nobody there takes that event
  void verifyInterruptions(shop, { actors: { ear: { sends: [{ type: 'RIGN' }] } } })
  // What a machine emits whose type says nothing of it is known to nobody before it runs.
  void verifyInterruptions(shop, { effects: { any: 'idempotent' } })
  void verifyInterruptions(stall, { effects: { print: 'idempotent', paid: 'idempotent' } })
  // @ts-expect-error: a misspelt name
  void verifyInterruptions(stall, { effects: { prnit: 'idempotent' } })
  const options = { actors: { charge: { resolves: 'paid' } } } satisfies VerifyOptions<typeof shop>
  void verifyInterruptions({ module: './shop.js' }, options)
})

test('one whose types know no names takes any', () => {
  const free = createMachine({ on: { PAY: {} } })
  void verifyInterruptions(free, {
    actors: { charge: { resolves: 1 }, ear: { sends: [{ type: 'ANY' }] } },
    effects: { print: 'idempotent' },
  })
  // What a task asks for is known to nobody before it runs.
  const working = setup({
    types: { emitted: {} as { type: 'paid' } },
    actors: { bill: task(async ({ step }: TaskScope) => step('price', () => 1)) },
  }).createMachine({})
  void verifyInterruptions(working, {
    actors: { bill: { steps: { price: { resolves: 2 } } } },
    effects: { price: 'atMostOnce' },
  })
  // @ts-expect-error: a misspelt name
  void verifyInterruptions(working, { actors: { bil: { resolves: 2 } } })
  // One that always throws may come to anything.
  const failing = setup({
    actors: { ask: fromPromise(() => Promise.reject(new Error('no'))) },
  }).createMachine({})
  void verifyInterruptions(failing, { actors: { ask: { resolves: 'yes' } } })
})
