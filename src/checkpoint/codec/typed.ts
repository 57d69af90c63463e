import { problemOf, TardigradeError } from '../../errors/base.js'
import { UnencodableError, type UnencodableKind } from '../../errors/codec.js'
import { isoText } from './dates.js'
import { errorToData } from './error-data.js'
import { isEncodable } from './is-encodable.js'
import { copyJson } from './json-data.js'
import type { CustomType } from './options.js'
import { isPlain } from './primitives.js'
import { ANY_ERROR, type TypedArray } from './rules.js'
import type { Walk } from './walk.js'

/** The json of an object that is neither a plain object nor a plain array. */
export function walkTyped(walk: Walk, value: object, prototype: unknown, depth: number): unknown {
  const rule = walk.rules.byPrototype.get(prototype)
  if (rule?.type === 'class') {
    const outer = walk.notes.open(depth)
    const json = walk.visitMembers({ ...value }, depth)
    walk.notes.close(depth, rule.text, outer)
    return json
  }
  // superjson's order: classes, customs, built-in types.
  for (const custom of walk.rules.customs) {
    if (custom.applies(value)) return walkCustom(walk, value, custom, depth)
  }
  // Looked up by the value's own prototype, so each value is what its rule says; a forged one throws below.
  switch (rule?.type) {
    case 'date':
      return walkDate(walk, value as Date, depth)
    case 'map':
      return walkMap(walk, value as Map<unknown, unknown>, depth)
    case 'set':
      return walkSet(walk, value as Set<unknown>, depth)
    case 'error':
      return walkError(walk, value as Error, rule.text, depth)
    case 'regexp':
      return walkRegExp(walk, value as RegExp, depth)
    case 'url':
      return walkURL(walk, value as URL, depth)
    case 'typed-array':
      return walkTypedArray(walk, value as TypedArray, rule.text, depth)
  }
  if (value instanceof Error) return walkError(walk, value, ANY_ERROR.text, depth)
  // A Date made while a test's fake Date is in place has that one's prototype.
  if (value instanceof Date && prototype === Date.prototype) return walkDate(walk, value, depth)
  return walk.refuse(depth, ...describe(value))
}

export function walkCustom(walk: Walk, value: object, custom: CustomType, depth: number): unknown {
  const json = copyJson(encodeBy(walk, custom, value, depth), walk.rules.maxDepth - depth)
  const isContainer = typeof json === 'object' && json !== null
  if (json === undefined || (custom.plain === true && !isContainer)) {
    const expected = custom.plain === true ? 'an array or object of plain JSON data' : 'plain JSON data'
    walk.refuse(depth, 'custom', `its custom rule ${custom.name} did not give ${expected}`)
  }
  walk.notes.add(depth, `[["custom",${JSON.stringify(custom.name)}]]`)
  return json
}

/** What the rule refuses in an error of ours is told in its words, with the place where the value stands. */
function encodeBy(walk: Walk, custom: CustomType, value: object, depth: number): unknown {
  try {
    return custom.encode(value)
  } catch (cause) {
    if (!(cause instanceof TardigradeError)) throw cause
    const path = walk.notes.pathTo(depth)
    const { remedy } = cause
    if (cause instanceof UnencodableError) {
      throw new UnencodableError([...path, ...cause.path], cause.kind, cause.problem, { cause, remedy })
    }
    throw new UnencodableError(path, 'custom', problemOf(cause).replace(/\.$/, ''), { cause, remedy })
  }
}

function walkDate(walk: Walk, value: Date, depth: number): string {
  const ms = value.getTime()
  if (Number.isNaN(ms)) walk.refuse(depth, 'invalid-date', 'it is an invalid Date')
  refuseNamed(walk, value, depth)
  walk.notes.add(depth, '["Date"]')
  return isoText(ms)
}

function walkMap(walk: Walk, value: Map<unknown, unknown>, depth: number): unknown {
  refuseNamed(walk, value, depth)
  const outer = walk.notes.open(depth)
  const rows = [...value]
  let index = 0
  for (const row of rows) {
    walk.notes.enter(depth, index++)
    walkFresh(walk, row, depth + 1)
  }
  walk.notes.close(depth, '"map"', outer)
  return rows
}

function walkSet(walk: Walk, value: Set<unknown>, depth: number): unknown {
  refuseNamed(walk, value, depth)
  const outer = walk.notes.open(depth)
  const members = [...value]
  walkFresh(walk, members, depth)
  walk.notes.close(depth, '"set"', outer)
  return members
}

/** In place: the list was made for this text. */
function walkFresh(walk: Walk, list: unknown[], depth: number): void {
  for (let index = 0; index < list.length; index++) {
    const member = list[index]
    if (isPlain(member)) continue
    walk.notes.enter(depth, index)
    list[index] = walk.visit(member, depth + 1)
  }
}

function walkError(walk: Walk, error: Error, type: string, depth: number): unknown {
  const data = errorToData(error, (cause) => !walk.isTrial && isEncodable(walk.rules, cause))
  const outer = walk.notes.open(depth)
  const json = walk.visitMembers(data, depth)
  walk.notes.close(depth, type, outer)
  return json
}

function walkURL(walk: Walk, value: URL, depth: number): string {
  refuseNamed(walk, value, depth)
  walk.notes.add(depth, '["URL"]')
  return value.href
}

function walkRegExp(walk: Walk, value: RegExp, depth: number): string {
  refuseNamed(walk, value, depth)
  if (value.lastIndex !== 0) walk.refuse(depth, 'named-property', 'it is a RegExp whose lastIndex is not 0')
  walk.notes.add(depth, '["regexp"]')
  return String(value)
}

function walkTypedArray(walk: Walk, value: TypedArray, type: string, depth: number): unknown {
  const list = Array.from(value)
  const index = list.findIndex((element) => !isPlain(element))
  if (index >= 0) {
    walk.notes.enter(depth, index)
    // superjson writes null there, which comes back as 0.
    walk.refuse(depth + 1, 'typed-array', 'NaN, −0 and the infinities have no text in a typed array')
  }
  walk.notes.add(depth, `[${type}]`)
  return list
}

function refuseNamed(walk: Walk, value: object, depth: number): void {
  const key = Object.keys(value)[0]
  if (key === undefined) return
  walk.notes.enter(depth, key)
  walk.refuse(depth + 1, 'named-property', `a ${value.constructor.name} has that property`)
}

function describe(value: object): [UnencodableKind, string] {
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  switch (tag) {
    case 'Promise':
      return ['promise', 'it is a promise']
    case 'WeakMap':
    case 'WeakSet':
    case 'WeakRef':
      return ['weak', `it is a ${tag}`]
    case 'ArrayBuffer':
    case 'SharedArrayBuffer':
    case 'DataView':
      return ['buffer', `it is a ${tag}`]
    case 'RegExp':
      return ['regexp', 'it is a RegExp']
    case 'URL':
      return ['url', 'it is a URL']
    default: {
      const name: unknown = value.constructor?.name
      const what = typeof name === 'string' && name !== '' ? name : tag
      const kind = ArrayBuffer.isView(value) ? 'typed-array' : 'class'
      return [kind, `it is a ${what}, which is no type of the codec`]
    }
  }
}
