import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { createCodec } from '../../src/checkpoint/codec/codec.js'
import { UndecodableError } from '../../src/errors/codec.js'
import { build, options, specs } from './codec-values.js'
import { referenceOf } from './superjson.js'

const codec = createCodec()
const open = createCodec(options)

function reason(text: string, of = codec): string {
  try {
    of.decode(text)
  } catch (error) {
    if (error instanceof UndecodableError) return error.reason
    throw error
  }
  throw new Error('decoded')
}

const text = (json: unknown, meta?: object): string =>
  JSON.stringify({ json, meta: meta && { v: 1, ...meta } })
const values = (json: unknown, annotations: unknown): string => text(json, { values: annotations })
const equalities = (json: unknown, groups: unknown): string => text(json, { referentialEqualities: groups })

const shape = () =>
  [Object, Array, Map, Set, Error, Function].flatMap(({ prototype }) => [
    ...Reflect.ownKeys(prototype),
    Object.getPrototypeOf(prototype),
  ])
const untouched = shape()
afterEach(() => {
  expect(shape()).toEqual(untouched)
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

const hostile: readonly [string, string, RegExp][] = [
  ['no JSON', '{', /no JSON/],
  ['no payload', '[1]', /form/],
  ['a payload without json', '{"meta":{}}', /form/],
  ['another member', '{"json":1,"more":1}', /form/],
  ['__proto__ beside json', '{"json":1,"__proto__":{"polluted":1}}', /form/],
  ['__proto__ as a key', '{"json":{"a":[{"__proto__":{"polluted":1}}]}}', /__proto__/],
  ['an escaped __proto__', '{"json":{"\\u005f_proto__":{"polluted":1}}}', /__proto__/],
  ['constructor as a key', '{"json":{"constructor":{"prototype":{"polluted":1}}}}', /constructor/],
  [
    '__proto__ beside a mark',
    '{"json":{"a":null,"__proto__":1},"meta":{"v":1,"values":{"a":["undefined"]}}}',
    /__proto__/,
  ],
  ['a path through __proto__', values({}, { '__proto__.polluted': ['undefined'] }), /__proto__/],
  [
    'a path through constructor',
    values({}, { 'constructor.prototype.polluted': ['undefined'] }),
    /constructor/,
  ],
  ['an equality to __proto__', equalities({ a: {} }, { a: ['__proto__'] }), /__proto__/],
  ['an equality from constructor', equalities({ a: {} }, { 'a.constructor': ['a'] }), /constructor/],
  ['a path to an inherited method', values({}, { toString: ['undefined'] }), /not there/],
  ['a path into an array’s length', values([], { length: ['undefined'] }), /not there/],
  ['an index of 2^32 − 1', values([null], { 4294967295: ['undefined'] }), /not there/],
  ['an index of 2^32 − 2', equalities([{}], { 0: ['4294967294'] }), /not there/],
  ['an index in another spelling', values([null], { '00': ['undefined'] }), /not there/],
  ['a mark inside a leaf', values('x', ['Date', { a: ['undefined'] }]), /inside/],
  ['a mark below a primitive', values({ a: 1 }, { 'a.b': ['undefined'] }), /no object/],
  ['an unknown annotation', values(1, ['eval']), /unknown/],
  ['an annotation that Object has', values(1, ['toString']), /unknown/],
  ['an unknown typed array', values([1], [['typed-array', 'Buffer']]), /unknown/],
  ['a symbol', values('x', [['symbol', 'x']]), /unknown/],
  ['an unknown class', values({}, [['class', 'Process']]), /class "Process"/],
  ['a class that Object has', values({}, [['class', 'constructor']]), /class "constructor"/],
  ['an unknown custom', values({}, [['custom', 'toString']]), /custom type/],
  ['a RegExp', values('/(a+)+$/', ['regexp']), /RegExp/],
  ['a URL', values('https://example.org', ['URL']), /URL/],
  ['a BigInt of 4 million digits', values('9'.repeat(4e6), ['bigint']), /10000 digits/],
  ['a BigInt that is none', values('0x10', ['bigint']), /bigint/],
  ['a number that is none', values('12', ['number']), /number/],
  ['undefined that is something', values({ a: 1 }, { a: ['undefined'] }), /undefined/],
  ['a Date that is none', values('soon', ['Date']), /Date/],
  ['a Map without rows', values({}, ['map']), /list/],
  ['a Map with broken rows', values([[1]], ['map']), /pair/],
  [
    'a Map with one key twice',
    values(
      [
        [1, 2],
        [1, 3],
      ],
      ['map'],
    ),
    /rows/,
  ],
  ['a Set with one member twice', values([1, 1], ['set']), /twice/],
  ['a typed array of strings', values(['1'], [['typed-array', 'Uint8Array']]), /Uint8Array/],
  ['an error without a message', values({ name: 'E' }, [['custom', 'error']]), /message/],
  [
    'an error whose name is revived',
    values({ name: 'E', message: 'm' }, [['custom', 'error'], { name: ['Date'] }]),
    /Date/,
  ],
  [
    'an error with a Set for its errors',
    values({ name: 'E', message: 'm', errors: [] }, [['custom', 'error'], { errors: ['set'] }]),
    /part/,
  ],
  ['an equality of primitives', equalities({ a: 1, b: 1 }, { a: ['b'] }), /no object/],
  [
    'an equality of dates that are undefined',
    text({ a: null, b: null }, { values: { a: ['undefined'] }, referentialEqualities: { a: ['b'] } }),
    /shared/,
  ],
  [
    'two equalities for one place',
    equalities({ a: {}, b: {}, c: {} }, { a: ['b'], c: ['b'] }),
    /two equalities/,
  ],
  ['an invalid path', values({}, { 'a\\b': ['undefined'] }), /malformed/],
  ['a malformed annotation', values({ a: 1 }, { a: [] }), /malformed/],
  ['an annotation of a type without a name', values({}, [['class', 1]]), /malformed/],
  ['an annotation of three parts', values({}, [['class', 'Money', 1]]), /malformed/],
  ['an instance that is a list', values([], [['class', 'Money']]), /is no object/],
  ['no equalities', equalities({}, []), /equalities are malformed/],
  ['an equality to no list', equalities({ a: {} }, { a: 'b' }), /equalities are malformed/],
  ['three lists of equalities', equalities({}, [[], {}, {}]), /equalities are malformed/],
  ['an equality to a number', equalities({ a: {} }, { a: [1] }), /equalities are malformed/],
  ['annotations that are a string', values({ a: 1 }, 'abc'), /not an object/],
  ['another version', text(1, { v: 2, values: {} }), /version/],
  ['no version', '{"json":1,"meta":{}}', /version/],
  ['json 10^6 deep', `{"json":${'[{"a":'.repeat(5e5)}1${'}]'.repeat(5e5)}}`, /deep/],
  [
    'meta 10^6 deep',
    `{"json":1,"meta":{"v":1,"values":${'{"a":'.repeat(1e6)}["map"]${'}'.repeat(1e6)}}}`,
    /deep/,
  ],
  [
    'annotations 10^6 deep',
    `{"json":1,"meta":{"v":1,"values":${'["set",{"0":'.repeat(1e6)}["map"]${'}]'.repeat(1e6)}}}`,
    /deep/,
  ],
  ['a path of 10^6 segments', values([], { ['0.'.repeat(1e6)]: ['undefined'] }), /deep/],
]

describe('decode refuses', () => {
  it.each(hostile)('%s', (_, hostileText, expected) => {
    expect(reason(hostileText, hostileText.includes('"Money"') ? open : codec)).toMatch(expected)
  })

  it('a text that is no string, and one that is too long', () => {
    // From JavaScript, anything may come.
    expect(reason(undefined as unknown as string)).toMatch(/no string/)
    expect(reason('{"json":"xxxxxxxxxx"}', createCodec({ maxLength: 12 }))).toMatch(/more than 12/)
  })

  it('containers one level too deep, where an annotation may still lead', () => {
    const shallow = createCodec({ maxDepth: 1 })
    expect(shallow.decode(values({ a: { b: '1' } }, { 'a.b': ['bigint'] }))).toEqual({ a: { b: 1n } })
    expect(reason(values({ a: { b: [] } }, { 'a.b': ['set'] }), shallow)).toMatch(/deep/)
    expect(reason(equalities({ a: { b: {} }, c: null }, { 'a.b': ['c'] }), shallow)).toMatch(/deep/)
  })

  it('what superjson itself would take for an error, too', () => {
    expect(() => referenceOf().parse(values({ name: 'E' }, [['custom', 'error']]))).toThrow(/message/)
  })

  it('what the revival of an allowed type or a custom throws on, with its cause', () => {
    expect(reason(values('/(/', ['regexp']), open)).toMatch(/regexp threw/)
    expect(reason(values('/a/zz', ['regexp']), open)).toMatch(/regexp threw/)
    expect(reason(values('no url', ['URL']), open)).toMatch(/URL threw/)
    expect(reason(values(null, [['custom', 'point']]), open)).toMatch(/point threw/)
  })

  it('100,000 annotations of places that are not there, at once', () => {
    const annotations = Object.fromEntries(
      Array.from({ length: 100_000 }, (_, n) => [`a.${n}.b.c.d`, ['undefined']]),
    )
    expect(reason(values({ a: [] }, annotations))).toMatch(/not there/)
  })

  it('with a remedy', () => {
    expect(() => codec.decode(values('/a/', ['regexp']))).toThrow(/allow: \['regexp'\]/)
    expect(() => codec.decode(values({}, [['class', 'Money']]))).toThrow(/Register that class/)
  })
})

describe('the fuzz', () => {
  const nat = fc.nat()
  const swaps = fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    '4294967295',
    '-1',
    '1e9',
    '',
    '0',
    '0.0',
    '0.1',
    'a.b',
    '\\',
    '/(a+)+$/g',
    'Date',
    'map',
    'set',
    'bigint',
    'regexp',
    'URL',
    'number',
    'undefined',
    'Error',
    'symbol',
    'class',
    'custom',
    'error',
    'typed-array',
    'Money',
    'error:HttpError',
    'point',
    'handle',
    'Uint8Array',
    'values',
    'referentialEqualities',
    'meta',
    'json',
    'v',
    '9'.repeat(10_002),
  )
  /** Replaces the nth JSON string of a text by other JSON. It may be a key, a path, an annotation or a value. */
  const swap = (of: string, n: number, by: string) => {
    const strings = [...of.matchAll(/"(?:[^"\\]|\\.)*"/g)]
    const { index, 0: old } = strings[n % strings.length] ?? { index: 0, 0: '' }
    return of.slice(0, index) + by + of.slice(index + old.length)
  }
  const mutations: fc.Arbitrary<(of: string) => string>[] = [
    fc.tuple(nat, fc.nat(6)).map(([n, bit]) => (of) => {
      const at = n % of.length
      return of.slice(0, at) + String.fromCharCode(of.charCodeAt(at) ^ (1 << bit)) + of.slice(at + 1)
    }),
    fc.tuple(nat, swaps).map(
      ([n, by]) =>
        (of) =>
          swap(of, n, JSON.stringify(by)),
    ),
    fc.tuple(nat, swaps).map(
      ([n, by]) =>
        (of) =>
          swap(of, n, JSON.stringify(by)),
    ),
    fc.tuple(nat, nat).map(([n, m]) => (of) => {
      const strings = of.match(/"(?:[^"\\]|\\.)*"/g) ?? ['""']
      return swap(of, n, strings[m % strings.length] ?? '""')
    }),
    fc.tuple(nat, nat).map(
      ([n, m]) =>
        (of) =>
          of.slice(0, n % of.length) + of.slice(m % of.length),
    ),
    nat.map((n) => (of) => of.replaceAll('null', (word, at: number) => ((at + n) % 3 === 0 ? '{}' : word))),
    fc.integer({ min: 1, max: 3000 }).map((n) => (of) => of.replace('null', '['.repeat(n) + ']'.repeat(n))),
    fc.constant((of) => of.replace(/\d+/, '4294967295')),
  ]
  const mutants = fc.tuple(specs(true), fc.array(fc.oneof(...mutations), { minLength: 1, maxLength: 3 }))

  it('ends in a value or an UndecodableError, 6,000 times', () => {
    const property = fc.property(mutants, ([spec, changes]) => {
      const mutant = changes.reduce((of, change) => change(of), open.encode(build(spec)))
      for (const of of [open, codec]) {
        try {
          of.decode(mutant)
        } catch (error) {
          if (!(error instanceof UndecodableError) || /threw/.test(error.reason)) checkThrown(error)
        }
      }
    })
    fc.assert(property, { numRuns: 6000 })
  })

  /** The only errors from elsewhere come from a rule's own `decode`, `RegExp` and `URL`. */
  function checkThrown(error: unknown): void {
    expect(error).toBeInstanceOf(UndecodableError)
    expect(String(error)).toMatch(/annotated as (custom (point|handle)|regexp|URL)/)
  }
})
