import { HIDE_NOTHING, type Hide } from '../redact.js'
import { isPlain } from './diff.js'
import { jsonText } from './json-text.js'

/** Longest text of which it is plain at a glance that it is shown whole. */
const SHORT = 1000

/**
 * What `diff` finds, as JSON, where one data object differs from the next by texts, numbers and the like alone, as contexts mostly do;
 * undefined where there is more to it.
 *
 * @param part the name under which both stand
 */
export function leafChangesText(
  before: unknown,
  after: unknown,
  part: string,
  hide: Hide,
): string | undefined {
  if (!isPlain(before) || !isPlain(after)) return undefined
  // A hidden whole hides its parts.
  if (hide !== HIDE_NOTHING && (hide(before, [part]) !== before || hide(after, [part]) !== after))
    return undefined
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
    const seen = hide === HIDE_NOTHING ? is : hide(is, [part, name])
    if (!isLeaf(is) || !isLeaf(seen)) return undefined
    const comma = text === '' ? '' : ','
    text += `${comma}{"path":[${jsonText(part)},${jsonText(name)}],"value":${JSON.stringify(seen)}}`
  }
  return fields === 0 ? text : undefined
}

/** Whether JSON shows it just as `shown` does. */
export function isLeaf(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= SHORT
  return typeof value === 'boolean' || Number.isFinite(value)
}
