import { setTimeout } from 'node:timers/promises'
import { defineService } from 'tardigrade'
import { InterruptionBugError, type InterruptionKind, verifyInterruptions } from 'tardigrade/testing'
import { expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { type CodecOptions, createCodec } from '../../src/checkpoint/codec/codec.js'
import { compileRules } from '../../src/checkpoint/codec/rules.js'
import { alike } from '../../src/testing/compare.js'
import { Plain } from '../../src/testing/world/plain.js'
import { thrownBy } from './machines.js'

class Money {
  constructor(readonly cents: number) {}
}

class Weight {
  constructor(readonly cents: number) {}
}

class NotFound extends Error {}

class Refused extends Error {}

const options: CodecOptions = { classes: { Money, Weight, NotFound, Refused }, allow: ['regexp', 'url'] }
const codec = createCodec(options)

const shared = {}
const looped: { again?: unknown } = {}
looped.again = looped

/** Of every kind that a checkpoint can keep, two that are unlike. */
const UNLIKE: readonly (readonly [kind: string, one: unknown, other: unknown])[] = [
  ['undefined and null', undefined, null],
  ['a member that is undefined', { a: undefined }, {}],
  ['booleans', true, false],
  ['numbers', 1, 2],
  ['NaN', Number.NaN, null],
  ['infinities', Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ['zeros', 0, -0],
  ['texts', 'a', 'b'],
  ['BigInts', 1n, 2n],
  ['a BigInt and a number', 1n, 1],
  ['objects', { a: 1 }, { a: 2 }],
  ['lists', [1, 2], [2, 1]],
  ['objects met twice', [shared, shared], [{}, {}]],
  ['cycles', looped, { again: {} }],
  ['Dates', new Date(0), new Date(1)],
  ['Maps', new Map([[1, 2]]), new Map([[1, 3]])],
  [
    'the order of a Map',
    new Map([
      [1, 1],
      [2, 2],
    ]),
    new Map([
      [2, 2],
      [1, 1],
    ]),
  ],
  ['Sets', new Set([1]), new Set([2])],
  ['a Map and a Set', new Map(), new Set()],
  ['RegExps', /a/g, /a/i],
  ['URLs', new URL('https://a.example/'), new URL('https://b.example/')],
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array].flatMap(
    (Typed) => [
      [`the elements of ${Typed.name}s`, Typed.of(1, 2), Typed.of(1, 3)] as const,
      [`the length of ${Typed.name}s`, Typed.of(1, 2), Typed.of(1)] as const,
    ],
  ),
  ['Float32Arrays', Float32Array.of(0.5), Float32Array.of(0.25)],
  ['Float64Arrays', Float64Array.of(0.1), Float64Array.of(0.2)],
  ['typed arrays of two kinds', Uint8Array.of(1), Int8Array.of(1)],
  ['a typed array and a list', Uint8Array.of(1), [1]],
  ['objects of two classes', new Money(5), new Weight(5)],
  ['objects of a class', new Money(5), new Money(6)],
  ['an object of a class and a plain one', new Money(5), { cents: 5 }],
  ['what says of itself that it is of a class', new Money(5), { class: 'Money', cents: 5 }],
  ['messages of errors', new Error('a'), new Error('b')],
  ['an error and what has its name and message', new Error('a'), { name: 'Error', message: 'a' }],
  ['native errors', new TypeError('a'), new RangeError('a')],
  ['names of errors', new Error('a'), Object.assign(new Error('a'), { name: 'Other' })],
  ['an error with a cause', new Error('a', { cause: 1 }), new Error('a')],
  ['an error with the cause undefined', new Error('a', { cause: undefined }), new Error('a')],
  ['causes', new Error('a', { cause: new Error('b') }), new Error('a', { cause: new Error('c') })],
  ['codes of errors', Object.assign(new Error('a'), { code: 1 }), Object.assign(new Error('a'), { code: 2 })],
  ['errors of an AggregateError', new AggregateError([new Error('b')], 'a'), new AggregateError([], 'a')],
  ['an AggregateError and an error', new AggregateError([], 'a'), new Error('a')],
  ['errors of two classes', new NotFound('a'), new Refused('a')],
  ['an error of a class', new NotFound('a'), new Error('a')],
]

const same = (one: unknown, other: unknown) => alike(new Plain().of(one), new Plain().of(other))

test.each(UNLIKE)('tells apart, and knows again what a checkpoint has kept: %s', (_, one, other) => {
  expect(same(one, other)).toBe(false)
  for (const value of [one, other]) expect(same(value, codec.decode(codec.encode(value)))).toBe(true)
})

test('those are all kinds of objects that a checkpoint can keep', () => {
  const values = UNLIKE.flatMap(([_, ...pair]) => pair)
  const met = new Set<unknown>(values.map((value) => Object.getPrototypeOf(Object(value))))
  const prototypes = [...compileRules(options).byPrototype.keys()]
  expect(prototypes.filter((prototype) => !met.has(prototype))).toEqual([])
})

test('tells apart what no checkpoint can keep, too', () => {
  const [two, none] = [new ArrayBuffer(2), new ArrayBuffer(0)]
  expect(same(two, none)).toBe(false)
  expect(same(new DataView(two), new DataView(none))).toBe(false)
  expect(same(two, new DataView(two))).toBe(false)
  expect(same(BigInt64Array.of(1n), BigInt64Array.of(2n))).toBe(false)
})

const shelf = (made: () => unknown) =>
  setup({
    types: { context: {} as { found?: unknown }, events: {} as { type: 'LOOK' } },
  }).createMachine({
    id: 'shelf',
    context: {},
    on: { LOOK: { actions: assign({ found: made }) } },
  })

const ends: readonly InterruptionKind[] = ['kill', 'sleep', 'stop', 'crash']
const verified = (made: () => unknown, classes: Record<string, typeof NotFound> = {}) =>
  verifyInterruptions(defineService({ id: 'shelf', version: 1, machine: shelf(made), classes }), {
    kinds: ends,
    seed: 1,
  })

test('an error that loses its class is told, with what keeps it', async () => {
  const bug = await thrownBy(verified(() => new NotFound('gone')))
  expect(bug).toBeInstanceOf(InterruptionBugError)
  expect((bug as InterruptionBugError<unknown>).difference).toBe(
    'machine.context.found is of Error, and of NotFound without the interruption (an error keeps its class where the definition’s `classes` have it, and else its name and message: register NotFound, or go by those)',
  )
  expect((await verified(() => new NotFound('gone'), { NotFound })).runs).toBe(100)
})

test('what cannot be kept of a cause is told', async () => {
  const bug = await thrownBy(verified(() => new Error('a', { cause: () => {} })))
  expect((bug as InterruptionBugError<unknown>).difference).toMatch(/machine\.context\.found\.cause/)
})

const aborted = await thrownBy(setTimeout(9, 0, { signal: AbortSignal.abort() }))

test.each([
  ['a DOMException', () => new DOMException('a', 'AbortError')],
  ['a DOMException with the name of a native error', () => new DOMException('a', 'SyntaxError')],
  ['an AbortError of Node', () => aborted],
  ['a renamed error', () => Object.assign(new Error('a'), { name: 'ConfigError' })],
  ['the errors of several', () => new AggregateError([new TypeError('b', { cause: 1n })], 'a')],
])(
  'nobody is accused for what the platform keeps to itself, and for what comes back: %s',
  async (_, made) => {
    expect((await verified(made)).runs).toBe(100)
  },
)
