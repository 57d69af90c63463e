import { UndecodableError } from '../../errors/codec.js'
import { bareError, fillError, isErrorData } from './error-data.js'
import type { Mark } from './marks.js'
import { reviveElements, reviveMembers, scan } from './revive.js'
import { reviveLeaf } from './revive-leaf.js'
import { ANY_ERROR, type Rules } from './rules.js'

/** Revives what stands at an annotated place. */
export function reviveMarked(
  rules: Rules,
  json: unknown,
  note: string | readonly [string, string],
  mark: Mark,
  depth: number,
): unknown {
  if (note === 'map') return reviveMap(rules, list(json), mark, depth)
  if (note === 'set') return reviveSet(rules, list(json), mark, depth)
  if (note === 'Error') return reviveError(rules, json, ANY_ERROR.prototype, mark, depth)
  if (typeof note !== 'string') {
    const [type, name] = note
    const error = type === 'custom' ? rules.errors.get(name) : undefined
    if (error !== undefined) return reviveError(rules, json, error.prototype, mark, depth)
    if (type === 'class') return reviveInstance(rules, json, name, mark, depth)
  }
  if (mark.below !== undefined) throw new UndecodableError('its meta leads into a value that has no inside')
  scan(rules, json, depth)
  const value = reviveLeaf(rules, json, note)
  if (mark.group !== undefined) {
    if (!isShareable(value)) throw new UndecodableError('an equality names a value that cannot be shared')
    mark.group.value = value
  }
  return value
}

function reviveMap(rules: Rules, rows: readonly unknown[], mark: Mark, depth: number): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>()
  if (mark.group !== undefined) mark.group.value = map
  let left = mark.below?.size ?? 0
  for (let index = 0; index < rows.length; index++) {
    const row = list(rows[index])
    if (row.length !== 2) throw new UndecodableError('a row of a Map is no pair')
    const inner = left > 0 ? mark.below?.get(String(index)) : undefined
    if (inner === undefined) scan(rules, row, depth + 1)
    else {
      if (inner.note !== undefined || inner.group !== undefined) {
        throw new UndecodableError('its meta annotates a row of a Map')
      }
      left--
      reviveElements(rules, row, inner, depth + 1)
    }
    map.set(row[0], row[1])
  }
  // Rows with the same key, and marks of rows that are not there.
  if (left > 0 || map.size !== rows.length) throw new UndecodableError('the rows of a Map do not fit')
  return map
}

function reviveSet(rules: Rules, members: unknown[], mark: Mark, depth: number): Set<unknown> {
  const set = new Set<unknown>()
  if (mark.group !== undefined) mark.group.value = set
  reviveElements(rules, members, mark, depth)
  for (const member of members) set.add(member)
  if (set.size !== members.length) throw new UndecodableError('a Set has the same member twice')
  return set
}

function reviveError(
  rules: Rules,
  json: unknown,
  prototype: object | undefined,
  mark: Mark,
  depth: number,
): Error {
  if (!isErrorData(json)) throw new UndecodableError('an annotated error has no name or message')
  const error = bareError(json, prototype)
  if (mark.group !== undefined) mark.group.value = error
  // Parsed just now, so nobody else sees it change.
  reviveMembers(rules, json as unknown as Record<string, unknown>, mark, depth)
  // Once more: a mark may have put something else in a part's place.
  if (!isErrorData(json)) throw new UndecodableError('a part of an annotated error is of the wrong type')
  fillError(error, json)
  return error
}

function reviveInstance(rules: Rules, json: unknown, name: string, mark: Mark, depth: number): object {
  const rule = rules.classes.get(name)
  if (rule === undefined) {
    throw new UndecodableError(
      `it needs the class ${JSON.stringify(name)}`,
      'Register that class in `classes`.',
    )
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new UndecodableError('an annotated instance is no object')
  }
  const instance: object = Object.create(rule.prototype)
  if (mark.group !== undefined) mark.group.value = instance
  // A plain view of what JSON.parse has just made.
  const members = json as Record<string, unknown>
  reviveMembers(rules, members, mark, depth)
  for (const key of Object.keys(members)) {
    // Defined, not assigned: a text must not run the class's setters.
    Object.defineProperty(instance, key, {
      value: members[key],
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  return instance
}

function isShareable(value: unknown): value is object | bigint | number {
  return (typeof value === 'object' && value !== null) || typeof value === 'bigint' || Number.isNaN(value)
}

function list(json: unknown): unknown[] {
  if (Array.isArray(json)) return json
  throw new UndecodableError('an annotated list is no list')
}
