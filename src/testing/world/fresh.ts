/** Makes a copy of a value that shares no object with it. */
export type Fresh = <T>(value: T) => T

type Classes = Readonly<Record<string, abstract new (...args: never[]) => unknown>>

/**
 * Whoever sends the same data twice sends two objects, as over any wire, so what is written once in the options must not come as
 * one object each time: in a machine that keeps it, its identity would tell a life that had ended from one that had not.
 *
 * Plain objects, lists, Dates, Maps, Sets, errors and objects of the registered classes are copied, with what leads to the same
 * object in them; anything else, such as a function, is what it was.
 */
export function freshFor(classes: Classes): Fresh {
  const prototypes = new Set<unknown>([Object.prototype, null, Array.prototype])
  for (const one of Object.values(classes)) prototypes.add(one.prototype)
  // A copy is of its original's type.
  return (value) => new Copying(prototypes).of(value) as typeof value
}

class Copying {
  readonly #made = new Map<object, object>()

  constructor(private readonly prototypes: ReadonlySet<unknown>) {}

  of(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    return this.#made.get(value) ?? this.#ofObject(value)
  }

  #ofObject(value: object): object {
    const prototype: object | null = Object.getPrototypeOf(value)
    // What it is, its prototype says.
    if (prototype === Date.prototype) return this.#note(value, new Date(Number(value)))
    if (prototype === Map.prototype) return this.#ofMap(value as Map<unknown, unknown>)
    if (prototype === Set.prototype) return this.#ofSet(value as Set<unknown>)
    if (prototype === Uint8Array.prototype) return this.#note(value, Uint8Array.from(value as Uint8Array))
    if (value instanceof Error) return this.#ofError(value)
    if (!this.prototypes.has(prototype)) return value
    return this.#filled(value, Array.isArray(value) ? [] : Object.create(prototype))
  }

  #ofMap(map: Map<unknown, unknown>): object {
    const copy = new Map<unknown, unknown>()
    this.#note(map, copy)
    for (const [key, held] of map) copy.set(this.of(key), this.of(held))
    return copy
  }

  #ofSet(set: Set<unknown>): object {
    const copy = new Set<unknown>()
    this.#note(set, copy)
    for (const held of set) copy.add(this.of(held))
    return copy
  }

  #ofError(error: Error): object {
    // Engines know an error by how it was made.
    const copy = Object.setPrototypeOf(new Error(error.message), Object.getPrototypeOf(error)) as Error
    this.#filled(error, copy)
    // Where an engine keeps the stack behind a getter, it gives each error its own.
    Object.defineProperty(copy, 'stack', { value: error.stack, writable: true, configurable: true })
    return copy
  }

  #filled(value: object, copy: object): object {
    this.#note(value, copy)
    for (const key of Reflect.ownKeys(value)) {
      const property = Object.getOwnPropertyDescriptor(value, key)
      // Its own keys were asked for just now.
      if (property === undefined) continue
      if ('value' in property) property.value = this.of(property.value)
      Object.defineProperty(copy, key, property)
    }
    return copy
  }

  #note(value: object, copy: object): object {
    this.#made.set(value, copy)
    return copy
  }
}
