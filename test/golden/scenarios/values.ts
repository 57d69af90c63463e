import { defineService } from 'tardigrade'
import { assign, setup } from 'xstate'
import type { Scenario } from '../scenario.js'

class Money {
  constructor(
    readonly cents: bigint,
    readonly currency: string,
  ) {}
}

function context() {
  const shared = { n: 1 }
  const cyclic: Record<string, unknown> = { name: 'self' }
  cyclic.self = cyclic
  const error = Object.assign(new RangeError('too far', { cause: new TypeError('odd') }), { code: 'FAR' })
  error.stack = 'RangeError: too far'
  if (error.cause instanceof Error) error.cause.stack = 'TypeError: odd'
  return {
    map: new Map<unknown, unknown>([
      ['shared', shared],
      [shared, new Set([1, 'two', shared])],
    ]),
    shared,
    again: [shared, shared],
    cyclic,
    date: new Date(86_400_000),
    big: 2n ** 80n,
    numbers: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e21],
    missing: undefined,
    bytes: new Uint8Array([0, 1, 255]),
    error,
    price: new Money(1999n, 'EUR'),
    text: 'é 😀 " \\ \n \u2028',
    'a.b': { '': 'an empty key' },
    lookalike: { json: { path: ['x'] }, meta: { values: { x: ['map'] } } },
  }
}

/** Every kind of value that a checkpoint keeps, shared and cyclic ones among them. */
export const values: Scenario = {
  define() {
    const machine = setup({
      types: { context: {} as ReturnType<typeof context> },
      actions: {
        touch: assign(({ context: { shared, map } }) => {
          shared.n++
          return { map: new Map(map).set('touched', shared) }
        }),
      },
    }).createMachine({ id: 'values', context, on: { TOUCH: { actions: 'touch' } } })
    return defineService({ id: 'golden', version: 1, machine, classes: { Money } })
  },
  lead: ({ service }) => service.send({ type: 'TOUCH' }),
}
