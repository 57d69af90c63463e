import { CodecOptionsError } from '../../errors/codec.js'
import type { CodecOptions, CustomType } from './options.js'

export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array

/** How instances of one prototype are written. `text` is the annotation as JSON. */
export type Rule =
  | { readonly type: 'date' | 'map' | 'set' | 'regexp' | 'url' }
  | { readonly type: 'typed-array'; readonly text: string }
  | { readonly type: 'class'; readonly text: string; readonly prototype: object }
  | { readonly type: 'error'; readonly text: string; readonly prototype: object | undefined }

/** The options of a codec, checked and laid out for looking up. */
export interface Rules {
  readonly byPrototype: ReadonlyMap<unknown, Rule>
  readonly classes: ReadonlyMap<string, Rule & { type: 'class' }>
  /** By name of the custom annotation: `error`, and `error:Name` for each registered class of errors. */
  readonly errors: ReadonlyMap<string, Rule & { type: 'error' }>
  readonly typedArrays: ReadonlyMap<string, new (elements: number[]) => TypedArray>
  readonly customs: readonly CustomType[]
  readonly plainCustoms: readonly CustomType[]
  readonly allowRegExp: boolean
  readonly allowURL: boolean
  readonly maxDepth: number
  readonly maxLength: number
  readonly maxBigIntDigits: number
}

const TYPED_ARRAYS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
] as const

/** The rule of errors whose class is not registered. */
export const ANY_ERROR: Rule & { type: 'error' } = {
  type: 'error',
  text: '["custom","error"]',
  prototype: undefined,
}

// What these hold is not in their properties, so registering a class of theirs would lose it.
const HOLDERS = [Map, Set, WeakMap, WeakSet, Date, RegExp, Promise, Array, ArrayBuffer, DataView, Function]

/** @throws {CodecOptionsError} options that contradict each other or would lose data */
export function compileRules(options: CodecOptions): Rules {
  const byPrototype = new Map<unknown, Rule>([
    [Date.prototype, { type: 'date' }],
    [Map.prototype, { type: 'map' }],
    [Set.prototype, { type: 'set' }],
  ])
  const allowRegExp = options.allow?.includes('regexp') ?? false
  const allowURL = options.allow?.includes('url') ?? false
  if (allowRegExp) byPrototype.set(RegExp.prototype, { type: 'regexp' })
  if (allowURL) byPrototype.set(URL.prototype, { type: 'url' })
  const typedArrays = new Map<string, new (elements: number[]) => TypedArray>()
  for (const TypedArray of TYPED_ARRAYS) {
    typedArrays.set(TypedArray.name, TypedArray)
    byPrototype.set(TypedArray.prototype, {
      type: 'typed-array',
      text: `["typed-array","${TypedArray.name}"]`,
    })
  }
  const classes = new Map<string, Rule & { type: 'class' }>()
  const errors = new Map<string, Rule & { type: 'error' }>([['error', ANY_ERROR]])
  for (const [name, { prototype }] of Object.entries(options.classes ?? {})) {
    checkClass(name, prototype, byPrototype)
    if (prototype instanceof Error) {
      const rule = { type: 'error', text: JSON.stringify(['custom', `error:${name}`]), prototype } as const
      errors.set(`error:${name}`, rule)
      byPrototype.set(prototype, rule)
    } else {
      const rule = { type: 'class', text: JSON.stringify(['class', name]), prototype } as const
      classes.set(name, rule)
      byPrototype.set(prototype, rule)
    }
  }
  const customs = options.customs ?? []
  checkCustoms(customs)
  return {
    byPrototype,
    classes,
    errors,
    typedArrays,
    customs,
    plainCustoms: customs.filter((custom) => custom.plain === true),
    allowRegExp,
    allowURL,
    maxDepth: limit('maxDepth', options.maxDepth, 500),
    maxLength: limit('maxLength', options.maxLength, 2 ** 28),
    maxBigIntDigits: limit('maxBigIntDigits', options.maxBigIntDigits, 10_000),
  }
}

function checkClass(name: string, prototype: object, taken: ReadonlyMap<unknown, Rule>): void {
  const option = `classes.${name}`
  if (name === '') throw new CodecOptionsError(option, 'a name is empty', 'Give every class a name.')
  if (taken.has(prototype) || prototype === Object.prototype) {
    throw new CodecOptionsError(option, 'its class is built in or registered twice', 'Register a class once.')
  }
  const holder = HOLDERS.find((Holder) => prototype instanceof Holder)
  if (holder !== undefined || ArrayBuffer.isView(prototype) || prototype instanceof TypedArrayBase) {
    const base = holder?.name ?? 'a typed array'
    throw new CodecOptionsError(option, `it extends ${base}`, 'Give it a rule in `customs` instead.')
  }
}

// The hidden base class of all typed arrays.
const TypedArrayBase: new () => object = Object.getPrototypeOf(Uint8Array)

function checkCustoms(customs: readonly CustomType[]): void {
  const names = new Set<string>()
  for (const { name } of customs) {
    const reserved = name === 'error' || name.startsWith('error:')
    // superjson keeps them in an object, where numeric names would jump the queue.
    if (reserved || names.has(name) || !/^[A-Za-z][\w.:/-]*$/.test(name) || name === 'constructor') {
      throw new CodecOptionsError(
        `customs (${JSON.stringify(name)})`,
        'its name is taken, or is no name',
        'Begin with a letter, use letters, digits and _.:/- only, and use each name once; error is taken.',
      )
    }
    names.add(name)
  }
}

function limit(option: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new CodecOptionsError(option, `${value} is no limit`, 'Give a whole number above 0.')
}
