import { HIDE_NOTHING, type Hide } from '../redact.js'
import { LIMITS, type Limits, shownAt } from '../shown.js'
import type { Change } from './change.js'

/**
 * What leads from what is shown of one value to what is shown of the next: `changed(shown(before), diff(before, after))` is
 * `shown(after)`.
 *
 * It looks no further where both hold the very same object, as data that is never mutated does: a change deep in a context of
 * a megabyte costs the way to it. So what is mutated in place is not seen, and what a cycle leads to is not shown anew.
 *
 * @param part the first name of every path that `hide` is given
 */
export function diff(
  before: unknown,
  after: unknown,
  part: string,
  hide: Hide,
  limits: Limits = LIMITS,
): readonly Change[] {
  const comparison = new Comparison(part, hide, limits)
  comparison.compare(before, after, [])
  return comparison.changes
}

class Comparison {
  readonly changes: Change[] = []

  constructor(
    private readonly part: string,
    private readonly hide: Hide,
    private readonly limits: Limits,
  ) {}

  compare(before: unknown, after: unknown, path: readonly string[]): void {
    if (Object.is(before, after)) return
    // Whether there is anything to go into is asked of what may be seen: a hidden whole hides its parts.
    const open = path.length < this.limits.depth && this.#isSeen(before, path) && this.#isSeen(after, path)
    if (open && Array.isArray(before) && Array.isArray(after)) this.#lists(before, after, path)
    else if (open && isPlain(before) && isPlain(after)) this.#fields(before, after, path)
    else this.changes.push({ path, value: this.#shown(after, path) })
  }

  #fields(before: Fields, after: Fields, path: readonly string[]): void {
    for (const name of Object.keys(before)) {
      if (before[name] !== undefined && fieldOf(after, name) === undefined) {
        this.changes.push({ path: [...path, name], gone: true })
      }
    }
    for (const name of Object.keys(after)) {
      const value = after[name]
      const inside = [...path, name]
      if (value === undefined) continue
      const was = fieldOf(before, name)
      if (was === undefined) this.changes.push({ path: inside, value: this.#shown(value, inside) })
      else this.compare(was, value, inside)
    }
  }

  #lists(before: readonly unknown[], after: readonly unknown[], path: readonly string[]): void {
    const shorter = Math.min(before.length, after.length)
    let start = 0
    while (start < shorter && Object.is(before[start], after[start])) start++
    let end = 0
    while (end < shorter - start && Object.is(before.at(-1 - end), after.at(-1 - end))) end++
    if (before.length === after.length) {
      for (let at = start; at < after.length - end; at++)
        this.compare(before[at], after[at], [...path, `${at}`])
      return
    }
    const come = after.slice(start, after.length - end)
    const insert = come.map((item, index) => this.#shown(item, [...path, `${start + index}`]))
    this.changes.push({ path, at: start, remove: before.length - start - end, insert })
  }

  #isSeen(value: unknown, path: readonly string[]): boolean {
    return this.hide === HIDE_NOTHING || this.hide(value, [this.part, ...path]) === value
  }

  #shown(value: unknown, path: readonly string[]) {
    return shownAt(value, [this.part, ...path], this.hide, this.limits)
  }
}

export type Fields = Readonly<Record<string, unknown>>

function fieldOf(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}

/** An object of data alone: what computes its fields, or tells JSON something else, is shown anew as a whole. */
export function isPlain(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return false
  for (const name in value) {
    if (Object.getOwnPropertyDescriptor(value, name)?.get !== undefined) return false
  }
  return typeof fieldOf(value as Fields, 'toJSON') !== 'function'
}
