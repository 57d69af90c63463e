import type { Shown } from '../shown.js'

/**
 * The later of two shown values, with the very parts of the earlier one wherever both are the same: what was parsed anew each time is
 * compared by `diff` as data that is never mutated.
 */
export function sharing(before: Shown, after: Shown): Shown {
  if (Object.is(before, after)) return before
  if (isList(before) && isList(after)) return lists(before, after)
  if (isFields(before) && isFields(after)) return fields(before, after)
  return after
}

type Fields = { readonly [name: string]: Shown }

function fields(before: Fields, after: Fields): Shown {
  const entries = Object.entries(after)
  let isSame = entries.length === Object.keys(before).length
  const shared = entries.map(([name, value]): readonly [string, Shown] => {
    const was = Object.hasOwn(before, name) ? before[name] : undefined
    const is = was === undefined ? value : sharing(was, value)
    isSame &&= is === was
    return [name, is]
  })
  return isSame ? before : Object.fromEntries(shared)
}

/** Items that have come or gone stand somewhere between those that are the same. */
function lists(before: readonly Shown[], after: readonly Shown[]): Shown {
  const shorter = Math.min(before.length, after.length)
  const items = [...after]
  let front = 0
  while (front < shorter && shares(items, front, before[front])) front++
  let back = 0
  while (back < shorter - front && shares(items, items.length - 1 - back, before.at(-1 - back))) back++
  if (before.length !== after.length) return items
  if (front === before.length) return before
  for (let at = front; at < items.length - back; at++) shares(items, at, before[at])
  return items
}

/** Puts the item's shared form into its place; whether it is the earlier one as a whole. */
function shares(items: Shown[], at: number, was: Shown | undefined): boolean {
  const item = items[at]
  if (item === undefined || was === undefined) return false
  const shared = sharing(was, item)
  items[at] = shared
  return Object.is(shared, was)
}

function isList(value: Shown): value is readonly Shown[] {
  return Array.isArray(value)
}

function isFields(value: Shown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
