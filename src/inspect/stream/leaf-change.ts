import { HIDE_NOTHING, type Hide } from '../redact.js'
import { type Fields, isPlain } from './diff.js'
import { jsonText, leafJson } from './json-text.js'

/** Longest text of which it is plain at a glance that it is shown whole. */
const SHORT = 1000
/** Levels of nesting that are gone into; what is deeper may be a cycle. */
const DEEPEST = 16

/**
 * What `diff` finds, as JSON, where data differs by texts, numbers and the like alone, in fields that both have and in lists of one
 * length, as contexts mostly do; undefined where there is more to it.
 *
 * @param part the name under which both stand
 */
export function leafChangesText(
  before: unknown,
  after: unknown,
  part: string,
  hide: Hide,
): string | undefined {
  return insideText(before, after, [part], jsonText(part), hide)
}

/** @param names the path once more, as JSON without its brackets */
function insideText(
  before: unknown,
  after: unknown,
  path: readonly string[],
  names: string,
  hide: Hide,
): string | undefined {
  if (path.length > DEEPEST) return undefined
  // A hidden whole hides its parts.
  if (hide !== HIDE_NOTHING && (hide(before, path) !== before || hide(after, path) !== after))
    return undefined
  if (Array.isArray(before)) {
    return Array.isArray(after) && before.length === after.length
      ? itemsText(before, after, path, names, hide)
      : undefined
  }
  return isPlain(before) && isPlain(after) ? fieldsText(before, after, path, names, hide) : undefined
}

function fieldsText(
  before: Fields,
  after: Fields,
  path: readonly string[],
  names: string,
  hide: Hide,
): string | undefined {
  let text = ''
  let fields = 0
  for (const name in before) if (before[name] !== undefined) fields++
  for (const name in after) {
    // Others are inherited.
    if (!Object.hasOwn(before, name)) return undefined
    const is = after[name]
    const was = before[name]
    if (is !== undefined) fields--
    if (is === was) continue
    // A field has come, or gone.
    if (was === undefined) return undefined
    const more = changeText(was, is, path, name, `${names},${jsonText(name)}`, hide)
    if (more === undefined) return undefined
    text = text === '' || more === '' ? text + more : `${text},${more}`
  }
  return fields === 0 ? text : undefined
}

function itemsText(
  before: readonly unknown[],
  after: readonly unknown[],
  path: readonly string[],
  names: string,
  hide: Hide,
): string | undefined {
  let text = ''
  for (let at = nextChange(before, after, 0); at < after.length; at = nextChange(before, after, at + 1)) {
    const more = changeText(before[at], after[at], path, `${at}`, `${names},"${at}"`, hide)
    if (more === undefined) return undefined
    text = text === '' || more === '' ? text + more : `${text},${more}`
  }
  return text
}

/** By itself, since most items of a long list are the same, and it is asked for every step. */
function nextChange(before: readonly unknown[], after: readonly unknown[], from: number): number {
  let at = from
  while (at < after.length && before[at] === after[at]) at++
  return at
}

function changeText(
  was: unknown,
  is: unknown,
  path: readonly string[],
  name: string,
  names: string,
  hide: Hide,
): string | undefined {
  if (!isLeaf(is)) return insideText(was, is, [...path, name], names, hide)
  const seen = hide === HIDE_NOTHING ? is : hide(is, [...path, name])
  return isLeaf(seen) ? `{"path":[${names}],"value":${leafJson(seen)}}` : undefined
}

/** Whether JSON shows it just as `shown` does. */
export function isLeaf(value: unknown): value is string | number | boolean {
  if (typeof value === 'string') return value.length <= SHORT
  return typeof value === 'boolean' || Number.isFinite(value)
}
