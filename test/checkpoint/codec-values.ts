import fc from 'fast-check'
import type { CodecOptions } from '../../src/checkpoint/codec/codec.js'

export class Money {
  constructor(
    readonly cents: unknown,
    readonly note?: unknown,
  ) {}
}

export class HttpError extends Error {
  override readonly name = 'HttpError'
  status = 500
}

export class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
}

/** A plain object that is no data: a rule with `plain` must catch it. */
export const handle = (id: string) => ({ isHandle: true, id })

export const options: CodecOptions = {
  classes: { Money, HttpError },
  allow: ['regexp', 'url'],
  customs: [
    {
      name: 'point',
      applies: (value) => value instanceof Point,
      encode: (value) => [(value as Point).x, (value as Point).y],
      decode: (json) => new Point((json as number[])[0] ?? 0, (json as number[])[1] ?? 0),
    },
    {
      name: 'handle',
      plain: true,
      applies: (value) => Object.hasOwn(value, 'isHandle'),
      encode: (value) => ({ id: (value as { id: string }).id }),
      decode: (json) => handle((json as { id: string }).id),
    },
  ],
}

/** What a value is made from: building it anew for each run keeps the generated description unchanged. */
export type Spec =
  | { of: 'leaf'; value: unknown }
  | { of: 'object' | 'bare' | 'money'; members: [string, Spec][] }
  | { of: 'array' | 'set'; items: Spec[] }
  | { of: 'map'; rows: [Spec, Spec][] }
  | {
      of: 'error'
      type: number
      message: string
      cause: Spec | undefined
      errors: Spec[]
      code: string | number
    }
  | { of: 'make'; make: () => object }
  | { of: 'ref'; index: number }

const keys = fc
  .oneof(
    fc.constantFrom(
      '',
      '.',
      '\\',
      'a.b',
      'a\\',
      '\\.',
      '"',
      '\n',
      '0',
      '1',
      '-0',
      '__proto',
      'proto__',
      'json',
      'meta',
    ),
    fc.constantFrom(
      'a',
      'b',
      'toString',
      'hasOwnProperty',
      'toJSON',
      'length',
      '__proto__ ',
      'é',
      '\u2028',
      '\ud800',
    ),
    fc.string({ maxLength: 4 }),
    fc.string({ unit: 'binary', maxLength: 3 }),
  )
  .filter((key) => !['__proto__', 'constructor', 'prototype', 'isHandle'].includes(key))

const leaves = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    true,
    false,
    Number.NaN,
    -0,
    0,
    Infinity,
    -Infinity,
    0n,
    -1n,
    10n ** 30n,
    '',
  ),
  fc.integer(),
  fc.double(),
  fc.bigInt(),
  fc.string({ unit: 'binary', maxLength: 6 }),
)

const times = fc.oneof(
  fc.integer({ min: -(10 ** 13), max: 4 * 10 ** 12 }),
  fc.integer({ min: -864e13, max: 864e13 }),
)

const makers: fc.Arbitrary<() => object> = fc.oneof(
  times.map((ms) => () => new Date(ms)),
  fc.constantFrom<() => object>(
    () => /a\/b[.]/giu,
    () => new URL('https://example.org/a?b=c#d'),
    () => new Point(1, -2.5),
    () => handle('h'),
    () => new Float64Array([1.5, 1e300]),
    () => new Float32Array([0.1]),
    () => new Int8Array([-128, 127]),
    () => new Uint8ClampedArray([]),
    () => new Uint16Array([65535]),
  ),
  fc.uint8Array({ maxLength: 5 }).map((bytes) => () => Uint8Array.from(bytes)),
)

/** Values of every supported type; with `refs`, shared and cyclic references too. */
export function specs(refs: boolean): fc.Arbitrary<Spec> {
  const { node } = fc.letrec<{ node: Spec }>((tie) => {
    const node = tie('node')
    const members = fc.uniqueArray(fc.tuple(keys, node), { maxLength: 5, selector: ([key]) => key })
    const items = fc.array(node, { maxLength: 5 })
    const inner: fc.Arbitrary<Spec>[] = [
      leaves.map((value) => ({ of: 'leaf', value })),
      members.map((members) => ({ of: 'object', members })),
      members.map((members) => ({ of: 'object', members })),
      members.map((members) => ({ of: 'bare', members })),
      fc.tuple(node, node).map(([a, b]) => ({
        of: 'money',
        members: [
          ['cents', a],
          ['note', b],
        ],
      })),
      items.map((items) => ({ of: 'array', items })),
      items.map((items) => ({ of: 'set', items })),
      fc.array(fc.tuple(node, node), { maxLength: 4 }).map((rows) => ({ of: 'map', rows })),
      fc.record({
        of: fc.constant('error' as const),
        type: fc.nat(3),
        message: fc.string(),
        cause: fc.option(node, { nil: undefined }),
        errors: items,
        code: fc.oneof(fc.string(), fc.double()),
      }),
      makers.map((make) => ({ of: 'make', make })),
    ]
    if (refs) inner.push(fc.nat().map((index) => ({ of: 'ref', index })))
    if (refs) inner.push(fc.nat().map((index) => ({ of: 'ref', index })))
    return { node: fc.oneof({ maxDepth: 5, withCrossShrink: true }, ...inner) }
  })
  return node
}

/**
 * The value of a description. A reference leads to any object begun before it, its own ancestors included.
 * With `unlike`, no BigInt and no NaN comes twice: superjson takes those for shared references.
 */
export function build(spec: Spec, made: object[] = [], unlike?: Set<unknown>): unknown {
  const begin = <T extends object>(object: T): T => {
    made.push(object)
    return object
  }
  switch (spec.of) {
    case 'leaf':
      return unlike === undefined ? spec.value : differing(spec.value, unlike)
    case 'ref':
      return made.length === 0 ? undefined : made[spec.index % made.length]
    case 'make':
      return begin(spec.make())
    case 'array': {
      const array: unknown[] = begin([])
      for (const item of spec.items) array.push(build(item, made, unlike))
      return array
    }
    case 'set': {
      const set = begin(new Set())
      for (const item of spec.items) set.add(build(item, made, unlike))
      return set
    }
    case 'map': {
      const map = begin(new Map())
      for (const [key, value] of spec.rows) map.set(build(key, made, unlike), build(value, made, unlike))
      return map
    }
    case 'error': {
      const types = [Error, TypeError, HttpError]
      const Type = types[spec.type]
      const error = begin(Type ? new Type(spec.message) : new AggregateError([], spec.message))
      if (!Type) Object.assign(error, { errors: undefined })
      if (!Type) Object.defineProperty(error, 'errors', { value: [], enumerable: false })
      if (error instanceof AggregateError)
        for (const item of spec.errors) error.errors.push(build(item, made, unlike))
      if (spec.cause)
        Object.defineProperty(error, 'cause', { value: build(spec.cause, made, unlike), configurable: true })
      return Object.assign(error, { code: unlike === undefined ? spec.code : differing(spec.code, unlike) })
    }
    default: {
      const prototype = { object: Object.prototype, bare: null, money: Money.prototype }[spec.of]
      const object = begin(Object.create(prototype) as Record<string, unknown>)
      for (const [key, member] of spec.members) object[key] = build(member, made, unlike)
      return object
    }
  }
}

function differing(value: unknown, unlike: Set<unknown>): unknown {
  if (typeof value !== 'bigint' && !Number.isNaN(value)) return value
  let other = value
  while (unlike.has(other)) other = typeof other === 'bigint' ? other + 1n : 0n
  unlike.add(other)
  return other
}

/** Why two values differ, or undefined where they are the same: types, order, and which references are one. */
export function difference(
  a: unknown,
  b: unknown,
  path = 'value',
  pairs = new Map<object, object>(),
): string | undefined {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
    return Object.is(a, b) ? undefined : `${path}: ${String(a)} and ${String(b)}`
  }
  if (pairs.has(a) || pairs.has(b)) {
    return pairs.get(a) === b && pairs.get(b) === a ? undefined : `${path}: references lead elsewhere`
  }
  pairs.set(a, b)
  pairs.set(b, a)
  const [prototypeA, prototypeB] = [Object.getPrototypeOf(a) ?? Object.prototype, Object.getPrototypeOf(b)]
  if (prototypeA !== prototypeB)
    return `${path}: ${prototypeA.constructor.name} and ${prototypeB?.constructor.name}`
  const [partsA, partsB] = [parts(a), parts(b)]
  if (partsA.length !== partsB.length) return `${path}: ${partsA.length} and ${partsB.length} parts`
  for (const [index, part] of partsA.entries()) {
    const found = difference(part, partsB[index], `${path}[${index}]`, pairs)
    if (found !== undefined) return found
  }
  return undefined
}

function parts(value: object): unknown[] {
  if (value instanceof Date) return [value.getTime()]
  if (value instanceof RegExp || value instanceof URL) return [String(value)]
  if (value instanceof Map) return [...value].flat()
  if (value instanceof Set) return [...value]
  if (value instanceof Error) {
    const { name, message, stack } = value
    const own = ['cause', 'errors'].flatMap((key) =>
      Object.hasOwn(value, key) ? [key, Reflect.get(value, key)] : [],
    )
    return [name, message, stack, ...own, ...Object.entries(value).flat()]
  }
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return Array.from(value as unknown as ArrayLike<unknown>)
  return Object.entries(value).flat()
}
