import { leafOf } from './leaf.js'
import type { Hide } from './redact.js'

/** What any JSON serializer takes as it is: trees of plain objects, arrays, texts, numbers, booleans and null. */
export type Shown = null | boolean | number | string | readonly Shown[] | { readonly [name: string]: Shown }

/** How much of one value is shown: what is beyond is marked, never dropped without a word. */
export interface Limits {
  /** Levels of nesting. */
  readonly depth: number
  /** Values in all. A value that is met twice counts twice. */
  readonly values: number
  /** Characters of one text. */
  readonly text: number
}

export const LIMITS: Limits = { depth: 32, values: 10_000, text: 10_000 }

/**
 * Any value as data that a person can read and no serializer chokes on: BigInts, cycles, Maps, Sets, errors, functions
 * and what throws when it is read are named. Never throws.
 *
 * @param part the first name of every path that `hide` is given
 */
export function shown(value: unknown, part: string, hide: Hide, limits: Limits = LIMITS): Shown {
  return shownAt(value, [part], hide, limits)
}

/** The same for a value within another. */
export function shownAt(value: unknown, path: readonly string[], hide: Hide, limits: Limits = LIMITS): Shown {
  return new Walk(hide, limits).show(value, path)
}

class Walk {
  readonly #above = new Set<object>()
  #left: number

  constructor(
    private readonly hide: Hide,
    private readonly limits: Limits,
  ) {
    this.#left = limits.values
  }

  show(value: unknown, path: readonly string[]): Shown {
    this.#left--
    const seen = this.hide(value, path)
    try {
      const leaf = leafOf(seen, this.limits.text)
      // Whatever is no leaf is an object.
      return leaf === undefined ? this.#container(seen as object, path) : leaf
    } catch {
      // What it throws may hold anything.
      return '[unreadable]'
    }
  }

  #container(object: object, path: readonly string[]): Shown {
    if (this.#above.has(object)) return '[circular]'
    if (this.#above.size >= this.limits.depth) return '[deeper]'
    this.#above.add(object)
    try {
      return this.#inside(object, path)
    } finally {
      this.#above.delete(object)
    }
  }

  #inside(object: object, path: readonly string[]): Shown {
    if (Array.isArray(object)) return this.#list(object, path)
    if (object instanceof Map) return { [`Map(${object.size})`]: this.#entries(object, path) }
    if (object instanceof Set) return { [`Set(${object.size})`]: this.#list(object, path) }
    if (ArrayBuffer.isView(object)) return this.#bytes(object, path)
    if (object instanceof Error) return this.#fields(errorFields(object), path)
    if ('toJSON' in object && typeof object.toJSON === 'function') {
      const told: unknown = object.toJSON(path.at(-1))
      if (told !== object) return this.show(told, path)
    }
    return this.#fields(ownFields(object), path)
  }

  #list(
    values: Iterable<unknown> & { readonly length?: number; readonly size?: number },
    path: readonly string[],
  ) {
    const list: Shown[] = []
    for (const value of values) {
      if (this.#left <= 0) return [...list, this.#rest((values.length ?? values.size ?? 0) - list.length)]
      list.push(this.show(value, [...path, `${list.length}`]))
    }
    return list
  }

  #entries(map: ReadonlyMap<unknown, unknown>, path: readonly string[]): Shown {
    const entries: Shown[] = []
    for (const [key, value] of map) {
      if (this.#left <= 0) return [...entries, this.#rest(map.size - entries.length)]
      const name = typeof key === 'string' ? key : `${entries.length}`
      // A secret may be a key as well, and only a function could know it.
      entries.push([this.show(key, [...path, '(key)']), this.show(value, [...path, name])])
    }
    return entries
  }

  #bytes(view: ArrayBufferView, path: readonly string[]): Shown {
    const name = `${view.constructor.name}(${view.byteLength} bytes)`
    return view instanceof DataView ? name : { [name]: this.#list(view as Uint8Array, path) }
  }

  #fields(fields: readonly (readonly [string, () => unknown])[], path: readonly string[]): Shown {
    const told: [string, Shown][] = []
    for (const [name, read] of fields) {
      if (this.#left <= 0) {
        told.push(['…', this.#rest(fields.length - told.length)])
        break
      }
      const field = this.#field(read, [...path, name])
      if (field !== undefined) told.push([name, field])
    }
    // It defines `__proto__` like any other.
    return Object.fromEntries(told)
  }

  /** Undefined for one that holds nothing, as JSON has it. */
  #field(read: () => unknown, path: readonly string[]): Shown | undefined {
    let value: unknown
    try {
      value = read()
    } catch {
      return '[unreadable]'
    }
    return value === undefined ? undefined : this.show(value, path)
  }

  #rest(count: number): string {
    return `[${count} more]`
  }
}

type Field = readonly [string, () => unknown]

function ownFields(object: object): readonly Field[] {
  // Read one by one, since a getter may throw.
  return Object.keys(object).map((name) => [name, () => (object as Record<string, unknown>)[name]])
}

/** Not its stack, which begins with the message and tells the machine's paths. */
function errorFields(error: Error): readonly Field[] {
  const named: Field[] = [
    ['name', () => error.name],
    ['message', () => error.message],
  ]
  if (error.cause !== undefined) named.push(['cause', () => error.cause])
  if (error instanceof AggregateError) named.push(['errors', () => error.errors])
  const names = new Set(named.map(([name]) => name))
  return [...named, ...ownFields(error).filter(([name]) => !names.has(name) && name !== 'stack')]
}
