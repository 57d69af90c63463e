import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCodec } from '../../src/checkpoint/codec/codec.js'
import { TardigradeError } from '../../src/errors/base.js'
import {
  CodecOptionsError,
  UndecodableError,
  UnencodableError,
  type UnencodableKind,
} from '../../src/errors/codec.js'
import { UncapturableError } from '../../src/errors/service.js'
import { build, Money, options, specs } from './codec-values.js'

const codec = createCodec()

it('a note on a row of a Map, which stands for no value, is refused as it is read', () => {
  const rows = [
    ['a', 1],
    ['b', '2'],
  ]
  const text = (meta: unknown) => JSON.stringify({ json: rows, meta: { values: ['map', meta], v: 1 } })
  const read = [
    ['a', 1],
    ['b', 2n],
  ] as const
  expect(codec.decode(text({ '1.1': ['bigint'] }))).toEqual(new Map<string, unknown>(read))
  expect(() => codec.decode(text({ 1: ['set'] }))).toThrow(UndecodableError)
  expect(() => codec.decode(text({ 1: ['set'] }))).toThrow('annotates a row of a Map')
})

function refusal(value: unknown, of = codec): UnencodableError {
  try {
    of.encode(value)
  } catch (error) {
    if (error instanceof UnencodableError) return error
    throw error
  }
  throw new Error('encoded')
}

class Unknown {}
const holed: unknown[] = ['a']
holed[2] = 'c'
const match = 'abc'.match(/b/)
const hugeBigInt = 10n ** 10_001n
const thrower = {
  get x(): never {
    throw new TypeError('no')
  },
}

const refused: readonly [string, unknown, UnencodableKind][] = [
  ['a function', () => 1, 'function'],
  ['a symbol', Symbol('s'), 'symbol'],
  ['an unregistered class', new Unknown(), 'class'],
  ['an instance of a class without a name', new (class {})(), 'class'],
  ['a boxed string', Object('s'), 'class'],
  ['a subclass of Date', new (class Day extends Date {})(0), 'class'],
  ['a subclass of Map', new (class Dict extends Map {})(), 'class'],
  ['a subclass of Array', new (class List extends Array {})(), 'class'],
  ['a WeakMap', new WeakMap(), 'weak'],
  ['a WeakSet', new WeakSet(), 'weak'],
  ['a WeakRef', new WeakRef({}), 'weak'],
  ['a promise', Promise.resolve(1), 'promise'],
  ['an invalid Date', new Date(Number.NaN), 'invalid-date'],
  ['an ArrayBuffer', new ArrayBuffer(2), 'buffer'],
  ['a SharedArrayBuffer', new SharedArrayBuffer(2), 'buffer'],
  ['a DataView', new DataView(new ArrayBuffer(2)), 'buffer'],
  ['a Buffer', Buffer.from('a'), 'typed-array'],
  ['a BigInt64Array', new BigInt64Array(1), 'typed-array'],
  ['a RegExp', /a/, 'regexp'],
  ['a URL', new URL('https://example.org'), 'url'],
  ['a BigInt of too many digits', hugeBigInt, 'bigint'],
  ['a negative BigInt of too many digits', -(10n ** 10_000n), 'bigint'],
  ['an object with a symbol key', { [Symbol('k')]: 1 }, 'symbol-key'],
  ['an array with a symbol key', Object.assign([1], { [Symbol('k')]: 1 }), 'symbol-key'],
]

const inside: readonly [string, unknown, readonly (string | number)[], UnencodableKind][] = [
  ['a hole', holed, [1], 'hole'],
  ['a trailing hole', new Array(2), [0], 'hole'],
  ['a hole beside a named property', Object.assign(new Array(1), { n: 1 }), [0], 'hole'],
  ['a match of a RegExp', match, ['index'], 'named-property'],
  ['a Date with a property', Object.assign(new Date(0), { zone: 'x' }), ['zone'], 'named-property'],
  ['a Map with a property', Object.assign(new Map(), { n: 1 }), ['n'], 'named-property'],
  ['NaN in a typed array', new Float64Array([1, Number.NaN]), [1], 'typed-array'],
  ['−0 in a typed array', new Float32Array([-0]), [0], 'typed-array'],
  ['the key __proto__', JSON.parse('{"__proto__":1}'), ['__proto__'], 'reserved-key'],
  ['the key constructor', { constructor: 1 }, ['constructor'], 'reserved-key'],
  ['the key prototype', { prototype: 1 }, ['prototype'], 'reserved-key'],
  ['a getter that throws', { ok: 1, thrower }, ['thrower'], 'unreadable'],
  [
    'a function in a Map’s value',
    new Map<unknown, unknown>([
      ['a', 1],
      ['b', { f() {} }],
    ]),
    [1, 1, 'f'],
    'function',
  ],
  ['a function in a Map’s key', new Map([[{ f() {} }, 1]]), [0, 0, 'f'], 'function'],
  ['a function in a Set', new Set([1, [() => 1]]), [1, 0], 'function'],
  ['a symbol among an error’s errors', new AggregateError([1, Symbol('s')]), ['errors', 1], 'symbol'],
]

describe('encode refuses', () => {
  it.each(refused)('%s, wherever it stands', (_, value, kind) => {
    expect(refusal(value)).toMatchObject({ path: [], kind })
    expect(refusal({ a: [0, { 'b.c': value }] })).toMatchObject({ path: ['a', 1, 'b.c'], kind })
    expect(refusal({ first: new Date(0), m: new Map([['k', new Set([value])]]) })).toMatchObject({
      path: ['m', 0, 1, 0],
      kind,
    })
  })

  it.each(inside)('%s', (_, value, path, kind) => {
    expect(refusal(value)).toMatchObject({ path, kind })
    expect(refusal([{ at: value }])).toMatchObject({ path: [0, 'at', ...path], kind })
  })

  it('a function behind a shared reference', () => {
    const shared = { ok: 1 }
    expect(refusal([shared, shared, { shared, f() {} }]).path).toEqual([2, 'f'])
  })

  it('a function in a registered class', () => {
    const money = Object.assign(new Money(1), { spend: () => 0 })
    expect(refusal({ money }, createCodec(options))).toMatchObject({
      path: ['money', 'spend'],
      kind: 'function',
    })
  })

  it('what a custom rule gives that is no JSON', () => {
    for (const output of [
      undefined,
      Number.NaN,
      -0,
      new Date(0),
      [undefined],
      new Array(1),
      { a: () => 1 },
      1n,
    ]) {
      const custom = {
        name: 'c',
        applies: (v: object) => v instanceof Unknown,
        encode: () => output,
        decode: () => 0,
      }
      expect(refusal([new Unknown()], createCodec({ customs: [custom] }))).toMatchObject({
        path: [0],
        kind: 'custom',
      })
    }
  })

  it('what a custom rule throws on, with its error as the cause', () => {
    const cause = new Error('no')
    const fail = (): never => {
      throw cause
    }
    const custom = { name: 'c', applies: fail, encode: fail, decode: fail }
    const error = refusal({ a: new Unknown() }, createCodec({ customs: [custom] }))
    expect(error).toMatchObject({ path: ['a'], kind: 'unreadable', cause })
  })

  it('what a custom rule gives that is too deep, or has a key that leads to a prototype', () => {
    for (const output of [[[1]], { constructor: 1 }]) {
      const custom = {
        name: 'c',
        applies: (v: object) => v instanceof Unknown,
        encode: () => output,
        decode: () => 0,
      }
      const shallow = createCodec({ customs: [custom], maxDepth: 1 })
      expect(refusal([new Unknown()], shallow)).toMatchObject({ path: [0], kind: 'custom' })
    }
  })

  it('what a rule for plain objects gives that is none, as `check` does', () => {
    const applies = (value: object) => Object.hasOwn(value, 'handle')
    const custom = { name: 'c', plain: true, applies, encode: () => 7, decode: () => 0 }
    const plain = createCodec({ customs: [custom] })
    const error = refusal({ at: { handle: 1 } }, plain)
    expect(error).toMatchObject({ path: ['at'], kind: 'custom' })
    expect(error.message).toContain('did not give an array or object of plain JSON data')
    expect(() => plain.check({ at: { handle: 1 } })).toThrow(error.message)
  })

  it('a RegExp that is in the middle of its text', () => {
    const regexps = createCodec(options)
    const global = /a/g
    global.test('aa')
    expect(refusal([global], regexps)).toMatchObject({ path: [0], kind: 'named-property' })
    expect(refusal([global], regexps).message).toContain('lastIndex')
  })

  it.each([
    ['what a getter throws', new TypeError('no'), 'unreadable'],
    ['the end of the stack', new RangeError('Maximum call stack size exceeded'), 'depth'],
    ['a text too long for the engine', new RangeError('Invalid string length'), 'length'],
  ] as const)('%s as the text is written, after the walk has passed', (_, cause, kind) => {
    let reads = 0
    const turns = {
      get late() {
        reads++
        if (reads > 1) throw cause
        return 1
      },
    }
    expect(refusal(turns)).toMatchObject({ path: [], kind, cause })
  })

  const ruleThatThrows = (error: Error) =>
    createCodec({
      customs: [
        {
          name: 'c',
          applies: (value) => value instanceof Unknown,
          encode: () => {
            throw error
          },
          decode: () => 0,
        },
      ],
    })

  it('what a custom rule refuses in a typed error, with its words, its remedy and the place', () => {
    const cause = new UncapturableError('The reference', 'it leads astray', 'Keep its key instead.')
    const error = refusal({ list: [{ at: new Unknown() }] }, ruleThatThrows(cause))
    expect(error).toMatchObject({
      code: 'UNENCODABLE',
      path: ['list', 0, 'at'],
      kind: 'custom',
      remedy: 'Keep its key instead.',
      cause,
    })
    expect(error.message).toBe(
      'Cannot encode list.0.at: The reference cannot be kept in a checkpoint: it leads astray. Keep its key instead.',
    )
  })

  it('what the code of a custom rule throws, with its error as the cause', () => {
    const cause = new Error('no')
    expect(refusal([new Unknown()], ruleThatThrows(cause))).toMatchObject({
      path: [0],
      kind: 'unreadable',
      cause,
    })
  })

  it('what stands inside what a custom rule encodes, with the whole path', () => {
    const { encode } = createCodec()
    const custom = {
      name: 'c',
      applies: (value: object) => value instanceof Unknown,
      encode: () => encode({ inner: [() => 1] }),
      decode: () => 0,
    }
    const error = refusal(new Map([['k', new Unknown()]]), createCodec({ customs: [custom] }))
    expect(error).toMatchObject({ path: [0, 1, 'inner', 0], kind: 'function' })
    expect(error.message).toBe(`Cannot encode 0.1.inner.0: it is a function. ${refusal(() => 1).remedy}`)
  })

  it('the cause of an error alone, where a custom rule refuses it', () => {
    const text = ruleThatThrows(new UncapturableError('It', 'no', 'Do not.')).encode(
      new Error('outer', { cause: new Unknown() }),
    )
    expect(codec.decode(text)).toMatchObject({ message: 'outer', cause: '[object Object]' })
  })

  it('a text longer than maxLength', () => {
    const small = createCodec({ maxLength: 20 })
    expect(refusal('x'.repeat(20), small)).toMatchObject({ kind: 'length' })
    expect(small.decode(small.encode('x'))).toBe('x')
  })

  it('with the remedy, the path and the base class', () => {
    const error = refusal({ list: [/a/] })
    expect(error).toBeInstanceOf(TardigradeError)
    expect(error.message).toContain('list.0')
    expect(error.remedy).toContain("allow: ['regexp']")
    expect(error.name).toBe('UnencodableError')
  })
})

describe('check', () => {
  const thrown = (run: () => void): unknown => {
    try {
      run()
    } catch (error) {
      return error
    }
    return undefined
  }

  it.each([...refused, ...inside].map(([what, value]) => ({ what, value })))(
    'refuses $what as encode does',
    ({ value }) => {
      for (const whole of [value, { a: [0, value] }, new Map([[1, new Set([value])]])]) {
        const { path, kind, message } = refusal(whole)
        expect(thrown(() => codec.check(whole))).toMatchObject({ path, kind, message })
      }
    },
  )

  it('agrees with encode on whatever there is', () => {
    const registered = createCodec(options)
    fc.assert(
      fc.property(specs(true), fc.boolean(), (spec, withFunction) => {
        const value = build(spec)
        const whole = withFunction ? { value, last: () => 1 } : { value }
        const encoding = thrown(() => registered.encode(whole))
        const checking = thrown(() => registered.check(whole))
        if (encoding === undefined) expect(checking).toBeUndefined()
        else expect(checking).toMatchObject({ path: (encoding as UnencodableError).path })
        expect(encoding !== undefined).toBe(withFunction)
      }),
    )
  })

  it('looks as deep as encode does, causes of errors included', () => {
    const deep = new Error('e', { cause: [[[1]]] })
    const shallow = createCodec({ maxDepth: 2 })
    expect(refusal(deep, shallow).kind).toBe('depth')
    expect(thrown(() => shallow.check(deep))).toMatchObject({ kind: 'depth' })
  })

  it('changes nothing', () => {
    const value = { list: [new Date(0), new Map([['k', 1n]])], error: new Error('e', { cause: () => 1 }) }
    const before = codec.encode(value)
    codec.check(value)
    expect(codec.encode(value)).toBe(before)
  })
})

const nests: readonly [string, number, (inner: unknown) => unknown][] = [
  ['objects', 1, (inner) => ({ a: inner })],
  ['typed objects', 1, (inner) => ({ a: inner, at: new Date(0) })],
  ['arrays', 1, (inner) => [inner]],
  ['Maps', 2, (inner) => new Map([['a', inner]])],
  ['Map keys', 2, (inner) => new Map([[inner, 1]])],
  ['Sets', 1, (inner) => new Set([inner])],
  ['instances', 1, (inner) => new Money(inner)],
  ['causes', 1, (inner) => new Error('e', { cause: inner })],
]

describe('nesting', () => {
  const deep = createCodec(options)
  it.each(nests)('of %s is kept up to maxDepth, and refused beyond', (_, levels, wrap) => {
    const nest = (count: number): unknown => {
      let value: unknown = { bottom: 1n }
      for (let level = 0; level < count; level += levels) value = wrap(value)
      return value
    }
    const text = deep.encode(nest(500))
    expect(deep.encode(deep.decode(text))).toBe(text)
    expect(refusal(nest(500 + levels), deep).kind).toBe('depth')
    const shallow = createCodec({ ...options, maxDepth: 498 })
    expect(() => shallow.decode(text)).toThrow(UndecodableError)
  })

  it('deeper than the call stack is refused with a typed error, whatever maxDepth says', () => {
    const open = createCodec({ maxDepth: 10_000_000 })
    let value: unknown = 1
    for (let level = 0; level < 1_000_000; level++) value = [value]
    expect(refusal(value, open).kind).toBe('depth')
    expect(refusal(value).kind).toBe('depth')
    const text = `{"json":${'['.repeat(1e6)}${']'.repeat(1e6)}}`
    expect(() => open.decode(text)).toThrow(UndecodableError)
    expect(() => codec.decode(text)).toThrow(UndecodableError)
  })
})

describe('options', () => {
  it.each([
    ['a class that extends Map', { classes: { Dict: class extends Map {} } }],
    ['a class that extends a typed array', { classes: { Bytes: class extends Uint8Array {} } }],
    ['a built-in class', { classes: { Date } }],
    ['Object', { classes: { Object } }],
    ['a class without a name', { classes: { '': Money } }],
    ['a class registered twice', { classes: { A: Money, B: Money } }],
    [
      'a custom named error',
      { customs: [{ name: 'error', applies: () => false, encode: () => 0, decode: () => 0 }] },
    ],
    ['a depth of 0', { maxDepth: 0 }],
    ['a broken length', { maxLength: Number.NaN }],
  ])('refuse %s', (_, broken) => {
    expect(() => createCodec(broken)).toThrow(CodecOptionsError)
  })
})
