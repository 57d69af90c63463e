import { isReservedKey } from './keys.js'

/**
 * A copy of plain JSON data, or undefined where the value is anything else: that is what a custom rule's
 * `encode` must return. The copy is a tree, so nothing in it is shared with the state.
 */
export function copyJson(value: unknown, levels: number): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : undefined
    case 'object':
      return value === null ? null : levels < 0 ? undefined : copyContainer(value, levels - 1)
    default:
      return undefined
  }
}

function copyContainer(value: object, levels: number): unknown {
  if (Array.isArray(value)) {
    const copy: unknown[] = []
    // By index, so that a hole reads as undefined and is refused.
    for (let index = 0; index < value.length; index++) {
      const element = copyJson(value[index], levels)
      if (element === undefined) return undefined
      copy.push(element)
    }
    return copy
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return undefined
  const copy: Record<string, unknown> = {}
  for (const [key, member] of Object.entries(value)) {
    const json = isReservedKey(key) ? undefined : copyJson(member, levels)
    if (json === undefined) return undefined
    copy[key] = json
  }
  return copy
}
