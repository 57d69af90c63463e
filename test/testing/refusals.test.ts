import * as fc from 'fast-check'
import { defineService, InvalidOptionError, type TaskScope, task } from 'tardigrade'
import { UnverifiableError, verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import {
  type AnyActorLogic,
  type AnyStateMachine,
  assign,
  createMachine,
  emit,
  enqueueActions,
  fromPromise,
  setup,
} from 'xstate'
import { gate, thrownBy } from './machines.js'

/** Cannot begin without its input. */
const countdown = setup({
  types: {
    context: {} as { left: number },
    events: {} as { type: 'ADD' },
    input: {} as { from: number },
  },
}).createMachine({
  id: 'countdown',
  context: ({ input }) => ({ left: input.from }),
  on: { ADD: { actions: assign({ left: ({ context }) => context.left + 1 }) } },
})

test.each([
  [undefined, 'What is to be verified is undefined. Give a machine, what defineService returns, or where'],
  [null, 'is null. Give a machine'],
  ['x', 'is "x". Give a machine'],
  [5, 'is 5. Give a machine'],
  [{}, 'is {}. Give a machine'],
  [() => gate, 'is the function without a name. Give a machine'],
  [{ default: gate }, 'is an object that has one as its “default”. Give its `.default`.'],
  [{ sound: gate }, 'is an object that has one as its “sound”. Give its `.sound`.'],
  [{ module: 5 }, 'The option module is 5. Give the path of a module'],
])('what is no service is refused as such: %o', async (verified: unknown, says: string) => {
  // As plain JavaScript gives it.
  const refused = await thrownBy(verifyInterruptions(verified as AnyStateMachine))
  expect(refused).toBeInstanceOf(InvalidOptionError)
  expect((refused as Error).message).toContain(says)
})

describe('a machine that fails at its start is refused, for there is nothing to interrupt', () => {
  test.each([
    { runs: 5 },
    { mode: 'exhaustive' as const, depth: 2 },
    { mode: 'crashPoints' as const, sequences: [[{ type: 'ADD' as const }]] },
  ])('%o', async (options) => {
    // Types ask for its input.
    const refused = await thrownBy(verifyInterruptions(countdown, options as never))
    expect(refused).toBeInstanceOf(UnverifiableError)
    expect((refused as Error).message).toMatch(/it fails at its start with .*from.*`input`/s)
    expect(refused).toMatchObject({ service: 'countdown', cause: expect.any(Error) })
    await verifyInterruptions(countdown, { ...options, input: { from: 3 } })
  })

  test('so is one whose earlier version does', async () => {
    const earlier = defineService({ id: 'countdown', version: 1, machine: countdown })
    const machine = setup({ types: { events: {} as { type: 'ADD' } } }).createMachine({ on: { ADD: {} } })
    const present = defineService({
      id: 'countdown',
      version: 2,
      machine,
      migrations: { 1: (snapshot) => snapshot },
    })
    const refused = await thrownBy(verifyInterruptions(present, { earlier, kinds: ['upgrade'] }))
    expect((refused as Error).message).toContain('it fails at its start with')
  })
})

describe('an option that would say nothing is refused, and no ✓ is given for it', () => {
  test.each([
    [{ kinds: ['kil'] }, /kinds\[0\] is "kil"\. Give .*kill/],
    [{ kinds: ['kill', 'kil'] }, /kinds\[1\] is "kil"\./],
    [{ kinds: [] }, /kinds is \[\]\. Give a list of one or more of .*kill/],
    [{ mode: 'foo' }, /mode is "foo"\. Give random, exhaustive, crashPoints/],
    [{ runs: 0 }, /runs is 0\. Give a whole number, 1 or more/],
    [{ runs: -1 }, /runs is -1\./],
    [{ runs: Number.NaN }, /runs is NaN\./],
    [{ mostSteps: 0.5 }, /mostSteps is 0\.5\./],
    [{ longestMs: 0 }, /longestMs is 0\./],
    [{ mode: 'exhaustive', depth: 0 }, /depth is 0\./],
    [{ mode: 'exhaustive', mostStates: 0 }, /mostStates is 0\./],
    [{ seed: 'x' }, /seed is "x"\./],
    [{ rnus: 5 }, /There is no option rnus of the testing kit\. Give .*runs/],
    [{ events: ['PRESS'] }, /events\[0\] is "PRESS"\. Give .*objects with a type/],
    [{ events: [{ typ: 'PRESS' }] }, /events\[0\] is {"typ":"PRESS"}\./],
    [{ actors: { chagre: 'run' } }, /actors\.chagre is of a name that gate does not have\./],
    [
      { events: [{ type: 'SHUT' }, { type: 'KNOKC' }] },
      /events\[1\] is of an event “KNOKC”, which gate takes in none .* Give “KNOCK”, if that is meant, or other events of the machine: KNOCK, SHUT/,
    ],
    [{ events: [{ type: 'RING' }] }, /events\[0\] is of an event “RING”.* Give events of the machine: KNOCK/],
    [{ mode: 'exhaustive', events: [{ type: 'RING' }] }, /events\[0\] is of an event “RING”/],
    [{ events: [fc.constant({ type: 'KNOKC' })] }, /events\[0\] is of an event “KNOKC”.* Give “KNOCK”/],
    [{ events: [fc.constant('KNOCK')] }, /events\[0\] is an arbitrary of "KNOCK"\. Give one of events/],
    [{ actors: { charge: { resolve: 1 } } }, /actors\.charge is {"resolve":1}\. Give 'run', .*resolves/],
    [{ effects: { nope: 'idempotent' } }, /effects\.nope is of a name .* names of the machine: tell/],
    [{ effects: { tell: 'x' } }, /effects\.tell is "x"\. Give one of exactlyOnce, idempotent, atMostOnce/],
    [{ invariants: { never: true } }, /invariants\.never is true\./],
    [{ mode: 'crashPoints' }, /sequences is undefined\. Give .*sequences: \[\[/],
    [{ mode: 'crashPoints', sequences: [] }, /sequences is \[\]\./],
    [{ mode: 'crashPoints', sequences: [{ type: 'KNOCK' }] }, /sequences\[0\] is {"type":"KNOCK"}\./],
    [{ mode: 'crashPoints', sequences: [['KNOCK']] }, /sequences\[0\]\[0\] is "KNOCK"\./],
  ])('%o', async (options, message) => {
    // Modules that no type checks, and casts, come with such.
    const refused = await thrownBy(verifyInterruptions(gate, options as never))
    expect(refused).toBeInstanceOf(InvalidOptionError)
    expect((refused as Error).message).toMatch(message)
  })

  test('an event that is emitted may be named too, and any name where it is known only as it is emitted', async () => {
    const emitting = (told: Parameters<typeof emit>[0]) =>
      createMachine({ id: 'emitting', on: { GO: { actions: emit(told) } } })
    const verified = (told: Parameters<typeof emit>[0], name: string) =>
      thrownBy(verifyInterruptions(emitting(told), { runs: 5, effects: { [name]: 'idempotent' } }))
    expect(await verified({ type: 'told' }, 'told')).toBeUndefined()
    expect(await verified({ type: 'told' }, 'tolled')).toBeInstanceOf(InvalidOptionError)
    expect(await verified(() => ({ type: 'told' }), 'other')).toBeUndefined()
  })

  describe('by a name that only what runs can show to be none', () => {
    const bill = task(async ({ step }: TaskScope) => {
      const price = await step('price', async () => {
        // As many promises in a row as one likes take no time.
        for (let turn = 0; turn < 30; turn++) await undefined
        return 3
      })
      return price + (await step('postage', () => 1))
    })
    const till = setup({ actors: { bill }, actions: { print: () => {} } }).createMachine({
      id: 'till',
      initial: 'open',
      states: {
        open: { on: { GO: { target: 'billing', actions: emit(() => ({ type: 'opened' })) } } },
        billing: { invoke: { src: 'bill', id: 'bill', onDone: 'open' } },
      },
    })
    const priced = (name: string) => ({ actors: { bill: { steps: { [name]: { resolves: 5 } } } } })

    test.each([
      [priced('pirce'), /actors\.bill\.steps\.pirce is of .* Give “price”, if .* met there: price, postage/],
      [
        { effects: { opend: 'idempotent' } },
        /effects\.opend is of .* Give “opened”, if .* met there: opened/,
      ],
      // One that is like a name which the machine writes need not wait.
      [
        { effects: { prnit: 'idempotent' } },
        /effects\.prnit is of a name that till does not have\. Give “print”/,
      ],
    ] as const)('%o', async (options, message) => {
      for (const mode of [{ seed: 1, runs: 20 }, { mode: 'exhaustive' as const }]) {
        const refused = await thrownBy(verifyInterruptions(till, { ...options, ...mode } as never))
        expect(refused).toBeInstanceOf(InvalidOptionError)
        expect((refused as Error).message).toMatch(message)
      }
    })

    test('and that is like none is told in the report, since it may be asked for another time', async () => {
      const given = { ...priced('refund'), effects: { shut: 'idempotent' } as const }
      const report = await verifyInterruptions(till, { ...given, mode: 'exhaustive' })
      expect(report.figures.neverMet).toEqual(['actors.bill.steps.refund', 'effects.shut'])
      expect(`${report}`).toMatch(/^Never asked for, .*: actors\.bill\.steps\.refund, effects\.shut\. /m)
      const met = { ...priced('price'), effects: { opened: 'idempotent', price: 'idempotent' } as const }
      expect((await verifyInterruptions(till, { ...met, mode: 'exhaustive' })).figures.neverMet).toEqual([])
    })

    test('a policy for a timer that the machine does not have', async () => {
      const named = (timers: { readonly [name: string]: 'restart' }, machine: AnyStateMachine) =>
        thrownBy(verifyInterruptions(defineService({ id: 'gate', version: 1, machine, timers }), { seed: 1 }))
      const refused = await named({ closing: 'restart' }, gate)
      expect(refused).toBeInstanceOf(InvalidOptionError)
      expect((refused as Error).message).toMatch(/timers\.closing is of a name that gate does not have/)
      expect(await named({ 60000: 'restart', default: 'restart' }, gate)).toBeUndefined()
      const late = createMachine({
        id: 'gate',
        on: {
          GO: {
            actions: enqueueActions(({ enqueue }) => enqueue.raise({ type: 'X' }, { delay: 5, id: 'late' })),
          },
        },
        after: { 10: {} },
      })
      expect(await named({ late: 'restart' }, late)).toBeUndefined()
    })
  })
})

/** Bakes for as long as it takes, by no clock of the kit's. */
const bakery = setup({
  types: { events: {} as { type: 'KNOCK' } },
  actors: {
    bake: task(async ({ step, progress }: TaskScope<unknown, number>) => {
      await step('heat the oven', () => new Promise((heated) => setImmediate(heated, 180)))
      for (let done = progress.value ?? 0; done < 2; done++) await progress.set(done + 1)
    }),
  },
}).createMachine({
  id: 'bakery',
  initial: 'baking',
  on: { KNOCK: {} },
  states: { baking: { invoke: { src: 'bake', onDone: 'closed' } }, closed: { type: 'final' } },
})

/** Writes for as long as a timer of the platform takes, and what nobody sees of it is how long that is. */
const clerk = setup({
  types: { context: {} as { done: number }, events: {} as { type: 'KNOCK' } },
  actors: {
    write: task(async ({ step, progress }: TaskScope<unknown, number>) => {
      await step('sharpen', () => 1)
      await new Promise(setImmediate)
      await progress.set(1)
    }),
  },
}).createMachine({
  id: 'clerk',
  context: { done: 0 },
  initial: 'writing',
  on: { KNOCK: {} },
  states: {
    writing: {
      invoke: {
        src: 'write',
        onSnapshot: { actions: assign({ done: ({ event }) => Number(event.snapshot.progress ?? 0) }) },
        onDone: 'home',
      },
    },
    home: {},
  },
})

test.each([undefined, 'run' as const, { steps: { sharpen: { resolves: 1 } } }])(
  'a task that waits for the platform is to be driven, and nothing is called a bug: %o',
  async (write) => {
    const actors = write === undefined ? {} : { write }
    const refused = await thrownBy(verifyInterruptions(clerk, { seed: 1, actors }))
    expect(refused).toBeInstanceOf(UnverifiableError)
    expect((refused as Error).message).toContain('The actor “write” cannot be verified')
    expect(refused).toMatchObject({ remedy: 'Drive it: actors: { write: { resolves: … } }.' })
  },
)

test('a task that keeps a time of its own is to be driven, for what differs is no interruption’s doing', async () => {
  const refused = await thrownBy(verifyInterruptions(bakery, { seed: 1 }))
  expect(refused).toBeInstanceOf(UnverifiableError)
  expect((refused as Error).message).toContain('The actor “bake” cannot be verified')
  expect(refused).toMatchObject({ remedy: 'Drive it: actors: { bake: { resolves: … } }.' })
  await verifyInterruptions(bakery, {
    seed: 1,
    runs: 20,
    actors: { bake: { resolves: undefined, afterMs: 20 } },
  })
})

describe('a counter that is kept beside the context', () => {
  const keptBy = (counting: AnyActorLogic) =>
    setup({ actors: { counting } }).createMachine({
      id: 'kept',
      context: { count: 0 },
      initial: 'idle',
      states: {
        idle: { on: { GO: 'busy' } },
        busy: {
          invoke: {
            src: 'counting',
            id: 'counting',
            onDone: { target: 'idle', actions: assign({ count: ({ event }) => event.output }) },
          },
        },
      },
    })
  const thrownFor = (counting: AnyActorLogic) =>
    thrownBy(verifyInterruptions(keptBy(counting), { seed: 1, actors: { counting: 'run' } }))

  test('by a task that runs as written is no time of its own', async () => {
    let count = 0
    const flaky = await thrownFor(task(({ step }: TaskScope) => step('count', () => ++count)))
    expect((flaky as Error).name).toBe('FlakyMachineError')
    expect((flaky as Error).message).toContain('machine.context.count is')
  })

  test('by a promise that runs as written may be one: nobody sees whether it waits outside, so it is to be driven', async () => {
    let count = 0
    const refused = await thrownFor(fromPromise(async () => ++count))
    expect((refused as Error).name).toBe('UnverifiableError')
    expect((refused as Error).message).toContain('“counting”')
  })
})

describe('a delay that lets no time pass', () => {
  const again = { after: { 0: { target: 'again', reenter: true } } }
  test.each([
    { seed: 1 },
    { mode: 'exhaustive' as const },
    { mode: 'crashPoints' as const, sequences: [[{ type: 'GO' }, { do: 'advance' as const, ms: 10 }]] },
  ])('and begins again for ever is refused by name: %o', async (options) => {
    const machine = createMachine({ id: 'dizzy', initial: 'again', on: { GO: {} }, states: { again } })
    const refused = await thrownBy(verifyInterruptions(machine, options))
    expect(refused).toBeInstanceOf(UnverifiableError)
    expect(refused).toMatchObject({
      service: 'dizzy',
      remedy: expect.stringContaining('Give it 1 ms or more'),
    })
    expect((refused as Error).message).toMatch(
      /^The delay of “xstate\.after\.0\.dizzy\.again” .*no time ever passes/,
    )
  })

  test('and ends, however often it has begun again, is verified', async () => {
    const machine = setup({
      types: { context: {} as { n: number }, events: {} as { type: 'GO' } },
    }).createMachine({
      id: 'hasty',
      context: { n: 0 },
      initial: 'again',
      on: { GO: { target: '.again', actions: assign({ n: 0 }) } },
      states: {
        again: {
          after: {
            0: [
              { guard: ({ context }) => context.n >= 100, target: 'rest' },
              { target: 'again', reenter: true, actions: assign({ n: ({ context }) => context.n + 1 }) },
            ],
          },
        },
        rest: {},
      },
    })
    // What is held and released there goes on with the delay at once, as its twin does.
    const { runs } = await verifyInterruptions(machine, { seed: 1, runs: 20 })
    expect(runs).toBe(20)
  })
})
