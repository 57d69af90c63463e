import { UnencodableError } from '../../errors/codec.js'
import { isReservedKey } from './keys.js'
import { isPlain } from './primitives.js'
import type { Rules } from './rules.js'
import { Walk } from './walk.js'

/**
 * Looks at a value without making its text, as it would be found so many levels below the whole that it is to stand in.
 * @throws {UnencodableError} it would not come back as it is
 */
export function checkEncodable(rules: Rules, value: unknown, below = 0): void {
  const maxDepth = rules.maxDepth - below
  try {
    if (isSimple(rules, value, Math.min(SHALLOW, maxDepth))) return
  } catch {
    // Reading it threw: the walk meets that again, and says where.
  }
  new Walk({ ...rules, maxDepth }).visit(value, 0)
}

/** Levels that most events have at most. */
const SHALLOW = 3

/** Whether it is made of plain objects and plain members alone, up to so many levels: nothing in it needs a walk. */
function isSimple(rules: Rules, value: unknown, levels: number): boolean {
  if (isPlain(value)) return true
  if (typeof value !== 'object' || value === null || levels < 0) return false
  if (Object.getPrototypeOf(value) !== Object.prototype) return false
  // A plain view of the object, whose members are taken as unknown.
  const members = value as Readonly<Record<string, unknown>>
  for (const key in members) {
    if (isReservedKey(key) || !isSimple(rules, members[key], levels - 1)) return false
  }
  for (const { applies } of rules.plainCustoms) if (applies(value)) return false
  return Object.getOwnPropertySymbols(value).length === 0
}

/**
 * Whether the cause of an error can be kept. Asked before it is walked in its place, because a walk that
 * fails half way has already noted half of it.
 */
export function isEncodable(rules: Rules, cause: unknown): boolean {
  try {
    new Walk(rules, undefined, true).visit(cause, 0)
    return true
  } catch (error) {
    // How deep it stands is known only in its place, which then refuses it.
    return !(error instanceof UnencodableError) || error.kind === 'depth'
  }
}
