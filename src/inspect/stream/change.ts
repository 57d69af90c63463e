import type { Shown } from '../shown.js'

/** A step from one shown value to the next. Paths name fields and indexes, from the whole value on. */
export type Change =
  /** A value stands there now, in the place of another or new. */
  | { readonly path: readonly string[]; readonly value: Shown }
  /** A field is gone. */
  | { readonly path: readonly string[]; readonly gone: true }
  /** From an index on, items of a list are gone and others have come. */
  | {
      readonly path: readonly string[]
      readonly at: number
      readonly remove: number
      readonly insert: readonly Shown[]
    }

type Fields = { readonly [name: string]: Shown }

/**
 * What the changes make of a shown value, which itself is left as it is.
 *
 * A change of a place that the value does not have sets it, in fields; none throws.
 */
export function changed(value: Shown | undefined, changes: readonly Change[]): Shown | undefined {
  return changes.reduce<Shown | undefined>((before, change) => apply(before, change, change.path), value)
}

function apply(before: Shown | undefined, change: Change, path: readonly string[]): Shown | undefined {
  const [name, ...rest] = path
  if (name === undefined) return here(before, change)
  if (Array.isArray(before)) {
    return before.map((item: Shown, index) =>
      `${index}` === name ? (apply(item, change, rest) ?? null) : item,
    )
  }
  const fields = isFields(before) ? Object.entries(before) : []
  const at = fields.findIndex(([field]) => field === name)
  const next = apply(fields[at]?.[1], change, rest)
  const entry: readonly (readonly [string, Shown])[] = next === undefined ? [] : [[name, next]]
  // A field keeps its place among the others.
  const told = at === -1 ? [...fields, ...entry] : [...fields.slice(0, at), ...entry, ...fields.slice(at + 1)]
  // It defines `__proto__` like any other.
  return Object.fromEntries(told)
}

function here(before: Shown | undefined, change: Change): Shown | undefined {
  if ('value' in change) return change.value
  if ('gone' in change) return undefined
  const items: readonly Shown[] = Array.isArray(before) ? before : []
  return [...items.slice(0, change.at), ...change.insert, ...items.slice(change.at + change.remove)]
}

function isFields(value: Shown | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
