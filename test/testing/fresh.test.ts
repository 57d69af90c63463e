import fc from 'fast-check'
import { defineService } from 'tardigrade'
import { type InterruptionBugError, replay, verifyInterruptions } from 'tardigrade/testing'
import { describe, expect, test } from 'vitest'
import { assign, fromCallback, fromObservable, fromPromise, setup } from 'xstate'
import { freshFor } from '../../src/testing/world/fresh.js'
import { thrownBy } from './machines.js'

interface Line {
  readonly sku: string
}
const line: Line = { sku: 'cup' }

/** Keeps what it was sent, as it came. */
const cart = setup({
  types: { context: {} as { lines: Line[] }, events: {} as { type: 'ADD'; line: Line } },
}).createMachine({
  id: 'cart',
  context: { lines: [] },
  on: { ADD: { actions: assign({ lines: ({ context, event }) => [...context.lines, event.line] }) } },
})
const add = { type: 'ADD', line } as const

describe('what is written once is no one object that comes again and again', () => {
  test.each([
    ['random', { events: [add], seed: 1 }],
    ['random, of a constant', { events: [fc.constant(add)], seed: 1 }],
    ['exhaustive', { events: [add], mode: 'exhaustive' as const, depth: 3 }],
    ['crashPoints', { mode: 'crashPoints' as const, sequences: [[add, add]] }],
  ])('an event: %s', async (_, options) => {
    await verifyInterruptions(cart, options)
  })

  test('an event of a token', async () => {
    const seen = new WeakMap<object, number>()
    const counting = setup({
      types: { context: {} as { lines: Line[]; n: number }, events: {} as { type: 'ADD'; line: Line } },
    }).createMachine({
      id: 'cart',
      context: { lines: [], n: 0 },
      on: {
        ADD: {
          actions: assign(({ context, event, self }) => {
            seen.set(self, (seen.get(self) ?? 0) + 1)
            return { lines: [...context.lines, event.line], n: seen.get(self) ?? 0 }
          }),
        },
      },
    })
    const bug = await thrownBy(verifyInterruptions(counting, { events: [add], kinds: ['kill'], seed: 1 }))
    expect((bug as InterruptionBugError<unknown>).difference).toMatch(/^machine\.context\.n /)
    await replay(cart, (bug as InterruptionBugError<unknown>).token)
  })

  test.each([
    ['a promise', fromPromise(async () => line), { resolves: line }],
    ['a promise that fails', fromPromise(async () => line), { rejects: line }],
    [
      'an observable',
      fromObservable<Line, undefined>(() => never()),
      { emits: [line, line], completes: true },
    ],
    ['a callback', fromCallback(() => {}), { sends: [{ type: 'GOT', output: line }] }],
  ] as const)('what comes of %s', async (_, logic, driver) => {
    const fetcher = setup({
      types: { context: {} as { got: unknown[] }, events: {} as { type: 'GO' } | { type: 'GOT' } },
      actors: { get: logic as ReturnType<typeof fromPromise> },
      actions: {
        keep: assign(({ context, event }) => {
          const one = event as { output?: unknown; error?: unknown; snapshot?: { context: unknown } }
          return { got: [...context.got, one.output ?? one.error ?? one.snapshot?.context] }
        }),
      },
    }).createMachine({
      id: 'fetcher',
      context: { got: [] },
      initial: 'idle',
      states: {
        idle: { on: { GO: 'busy' } },
        busy: {
          on: { GOT: { target: 'idle', actions: 'keep' } },
          invoke: {
            src: 'get',
            id: 'get',
            ...('emits' in driver && { onSnapshot: { actions: 'keep' } }),
            onDone: { target: 'idle', actions: 'keep' },
            onError: { target: 'idle', actions: 'keep' },
          },
        },
      },
    })
    await verifyInterruptions(fetcher, {
      // It was given the type of a promise.
      actors: { get: driver as { readonly resolves: unknown } },
      events: [{ type: 'GO' }],
      kinds: ['kill', 'stop', 'pause'],
      seed: 1,
    })
  })
})

function never(): never {
  throw new Error('nobody may begin the real one')
}

class Money {
  constructor(readonly cents: number) {}
}

test('a copy has all that was there, and nothing of it', () => {
  const shared = { at: new Date(5) }
  const failure = Object.assign(new RangeError('no', { cause: shared }), { response: { status: 503 } })
  const given = {
    big: 5n,
    map: new Map([[shared, new Set([shared])]]),
    bytes: Uint8Array.of(1, 2),
    money: new Money(7),
    failure,
    nothing: undefined,
    list: [shared, Number.NaN],
    shared,
  }
  const copy = freshFor({ Money })(given)
  expect(copy).toEqual(given)
  expect(copy.money).toBeInstanceOf(Money)
  expect(copy.failure).toBeInstanceOf(RangeError)
  expect(copy.failure.stack).toBe(failure.stack)
  for (const name of ['map', 'bytes', 'money', 'failure', 'list', 'shared'] as const)
    expect(copy[name]).not.toBe(given[name])
  expect(copy.failure.response).not.toBe(failure.response)
  expect(copy.list[0]).toBe(copy.shared)
  expect(copy.failure.cause).toBe(copy.shared)
  expect([...copy.map]).toEqual([[copy.shared, new Set([copy.shared])]])
  expect([...copy.map.keys()][0]).toBe(copy.shared)
  // What nobody registered has no copy that would be sure to be one.
  const foreign = { money: new Money(1), call: () => 1, url: new URL('https://example.org') }
  const { money, call, url } = freshFor({})(foreign)
  expect([money, call, url]).toEqual([foreign.money, foreign.call, foreign.url])
  expect(money === foreign.money && call === foreign.call && url === foreign.url).toBe(true)
})

test('objects of registered classes may be kept too', async () => {
  const purse = defineService({
    id: 'purse',
    version: 1,
    classes: { Money },
    machine: setup({
      types: { context: {} as { coins: Money[] }, events: {} as { type: 'PUT'; coin: Money } },
    }).createMachine({
      id: 'purse',
      context: { coins: [] },
      on: { PUT: { actions: assign({ coins: ({ context, event }) => [...context.coins, event.coin] }) } },
    }),
  })
  await verifyInterruptions(purse, { events: [{ type: 'PUT', coin: new Money(3) }], seed: 1 })
})
