import { type TaskScope, task } from 'tardigrade'
import { type Driver, InterruptionBugError, UnverifiableError, verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import {
  type AnyActorLogic,
  assign,
  fromCallback,
  fromEventObservable,
  fromObservable,
  fromPromise,
  setup,
} from 'xstate'
import { thrownBy } from './machines.js'

/** Asks once an event; says what came last, and how far a task has come. */
const asking = (ask: ReturnType<typeof task<unknown, undefined>> | ReturnType<typeof fromPromise>) =>
  setup({
    actors: { ask: ask as ReturnType<typeof task<unknown, undefined>> },
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

const never = () => {
  throw new Error('nobody may begin the real one')
}

/** Follows a price while it is on; `follow` says what it makes of each that it is shown. */
const following = (follow: (context: { price: unknown; heard: number }, price: unknown) => object) =>
  setup({
    actors: { prices: fromObservable<unknown, undefined>(never) },
    types: {
      context: {} as { price: unknown; heard: number },
      events: {} as { type: 'ON' } | { type: 'OFF' },
    },
  }).createMachine({
    id: 'following',
    context: { price: undefined, heard: 0 },
    initial: 'off',
    states: {
      off: { on: { ON: 'on' } },
      on: {
        on: { OFF: 'off' },
        invoke: {
          src: 'prices',
          id: 'prices',
          onSnapshot: { actions: assign(({ context, event }) => follow(context, event.snapshot.context)) },
          onDone: 'over',
        },
      },
      over: {},
    },
  })

describe('an observable', () => {
  test('shows its values to every life, and completes where it is to', async () => {
    const prices: unknown[] = []
    const invariants = {
      prices: ({ context }: { context: { price: unknown } }) => prices.push(context.price),
    }
    const last = following((_, price) => ({ price }))
    const waiting = await verifyInterruptions(last, {
      mode: 'exhaustive',
      actors: { prices: { emits: [3, { euros: 5 }] } },
      invariants,
    })
    expect(waiting.matrix.states).toEqual(['off', 'on'])
    expect(waiting.matrix.empty()).toEqual([])
    expect(prices).toContainEqual({ euros: 5 })
    const completing = await verifyInterruptions(last, {
      mode: 'exhaustive',
      actors: { prices: { emits: [3], completes: true } },
    })
    expect(completing.matrix.states).toEqual(['off', 'over'])
  })

  test('that is subscribed to anew shows what a machine counts twice', async () => {
    const counting = following(({ heard }) => ({ heard: heard + 1 }))
    const bug = await thrownBy(
      verifyInterruptions(counting, { mode: 'exhaustive', depth: 2, actors: { prices: { emits: [3] } } }),
    )
    expect(bug).toBeInstanceOf(InterruptionBugError)
    expect((bug as InterruptionBugError<unknown>).difference).toMatch(
      /^machine\.context\.heard is 3, and 2 without/,
    )
  })

  test('of events is driven by what it sends', async () => {
    const { matrix } = await verifyInterruptions(
      setup({
        actors: { clicks: fromEventObservable(never) },
        types: { events: {} as { type: 'CLICK' } },
      }).createMachine({
        id: 'clicked',
        initial: 'before',
        states: { before: { invoke: { src: 'clicks', id: 'clicks' }, on: { CLICK: 'after' } }, after: {} },
      }),
      { mode: 'exhaustive', actors: { clicks: { sends: [{ type: 'CLICK' }] } } },
    )
    expect(matrix.states).toEqual(['after'])
  })
})

describe('what works outside is refused', () => {
  const ofItsOwn = { ...fromPromise(real), transition: <T>(snapshot: T) => snapshot }

  test.each<[string, AnyActorLogic, string]>([
    ['a promise', fromPromise(real), '{ resolves: … }'],
    ['a callback', fromCallback(never), '{ sends: [] }'],
    ['an observable', fromObservable(never), '{ emits: [] }'],
    ['an observable of events', fromEventObservable(never), '{ sends: [] }'],
    ['a logic of its own kind', ofItsOwn, '{ resolves: … } or { sends: [] } or { emits: [] }'],
  ])('without a driver: %s', async (kind, logic, way) => {
    const refused = (await thrownBy(verifyInterruptions(asking(logic as never)))) as UnverifiableError
    expect(refused).toBeInstanceOf(UnverifiableError)
    expect(refused.message).toContain(
      `The actor “ask” cannot be verified: it is ${kind}, and the kit does not`,
    )
    expect(refused.remedy).toBe(`Say it: actors: { ask: ${way} }, or 'run' where it does nothing outside.`)
  })

  const steps: Driver = { steps: {} }
  test.each<[string, string, AnyActorLogic, Driver]>([
    ['a promise', 'sends', fromPromise(real), { sends: [] }],
    ['a promise', 'steps', fromPromise(real), steps],
    ['a task', 'emits', task(real) as AnyActorLogic, { emits: [] }],
    ['a callback', 'resolves', fromCallback(never), { resolves: 1 }],
    ['an observable', 'resolves', fromObservable(never), [{ resolves: 1 }]],
    ['an observable', 'sends', fromObservable(never), { sends: [] }],
    ['an observable of events', 'emits', fromEventObservable(never), { emits: [] }],
  ])('with a driver of another kind: %s with “%s”', async (kind, form, logic, driver) => {
    const refused = await thrownBy(
      verifyInterruptions(asking(logic as never), { actors: { ask: driver as never } }),
    )
    expect(refused).toBeInstanceOf(UnverifiableError)
    expect((refused as Error).message).toContain(`it is ${kind}, and \`${form}\` says nothing of one`)
  })
})
