import { UndecodableError } from '../../errors/codec.js'
import { isReservedKey } from './keys.js'
import type { Mark } from './marks.js'
import { reviveMarked } from './revive-typed.js'
import type { Rules } from './rules.js'

/** Checks parsed JSON without marks: how deep it is, and its keys. It stays as it is. */
export function scan(rules: Rules, json: unknown, depth: number): void {
  if (typeof json !== 'object' || json === null) return
  if (depth > rules.maxDepth) throw tooDeep(rules)
  if (Array.isArray(json)) {
    for (let index = 0; index < json.length; index++) {
      const element: unknown = json[index]
      if (typeof element === 'object' && element !== null) scan(rules, element, depth + 1)
    }
    return
  }
  // A plain view of what JSON.parse has just made.
  const members = json as Readonly<Record<string, unknown>>
  for (const key in members) {
    if (isReservedKey(key)) throw reservedKey(key)
    const member = members[key]
    if (typeof member === 'object' && member !== null) scan(rules, member, depth + 1)
  }
}

/** Revives what stands at a place; without a mark it is scanned and stays. */
export function revive(rules: Rules, json: unknown, mark: Mark | undefined, depth: number): unknown {
  if (mark === undefined) {
    scan(rules, json, depth)
    return json
  }
  const { group } = mark
  if (group?.value !== undefined) {
    // Texts written without dedupe hold a copy here; only its shape matters.
    scan(rules, json, depth)
    return group.value
  }
  if (mark.note !== undefined) return reviveMarked(rules, json, mark.note, mark, depth)
  if (typeof json !== 'object' || json === null) {
    throw new UndecodableError('its meta names a place that holds no object')
  }
  if (group !== undefined) group.value = json
  if (Array.isArray(json)) reviveElements(rules, json, mark, depth)
  // A plain view of what JSON.parse has just made.
  else reviveMembers(rules, json as Record<string, unknown>, mark, depth)
  return json
}

/** In place. */
export function reviveMembers(
  rules: Rules,
  members: Record<string, unknown>,
  mark: Mark,
  depth: number,
): void {
  if (depth > rules.maxDepth) throw tooDeep(rules)
  const { below } = mark
  let left = below?.size ?? 0
  for (const key in members) {
    if (isReservedKey(key)) throw reservedKey(key)
    const inner = left > 0 ? below?.get(key) : undefined
    if (inner === undefined) {
      const member = members[key]
      if (typeof member === 'object' && member !== null) scan(rules, member, depth + 1)
      continue
    }
    left--
    members[key] = revive(rules, members[key], inner, depth + 1)
  }
  if (left > 0) throw missing()
}

/** In place. */
export function reviveElements(rules: Rules, elements: unknown[], mark: Mark, depth: number): void {
  if (depth > rules.maxDepth) throw tooDeep(rules)
  const { below } = mark
  let left = below?.size ?? 0
  for (let index = 0; index < elements.length; index++) {
    const inner = left > 0 ? below?.get(String(index)) : undefined
    if (inner === undefined) {
      const element = elements[index]
      if (typeof element === 'object' && element !== null) scan(rules, element, depth + 1)
      continue
    }
    left--
    elements[index] = revive(rules, elements[index], inner, depth + 1)
  }
  if (left > 0) throw missing()
}

function missing(): UndecodableError {
  return new UndecodableError('its meta names a place that is not there')
}

function reservedKey(key: string): UndecodableError {
  return new UndecodableError(`it has the key ${key}, which leads to a prototype`)
}

function tooDeep(rules: Rules): UndecodableError {
  return new UndecodableError(
    `it is nested more than ${rules.maxDepth} levels deep`,
    'Nothing that this library writes is; see `tardigrade doctor`.',
  )
}
