import type { AnyActorRef } from 'xstate'

/** Values as data that can be compared: identity of shared objects and actors by number and name. */
export class Plain {
  readonly #numbers = new Map<object, number>()

  of(value: unknown): unknown {
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
    if (Object.is(value, -0)) return '-0'
    if (value === undefined) return '(undefined)'
    if (typeof value === 'function' || typeof value === 'symbol') return String(value)
    if (typeof value !== 'object' || value === null) return value
    // An actor has both, and nothing else is taken for one.
    if ('sessionId' in value && 'send' in value) return `actor ${(value as AnyActorRef).id}`
    const known = this.#numbers.get(value)
    if (known !== undefined) return `the object ${known} again`
    this.#numbers.set(value, this.#numbers.size)
    return this.#ofObject(value)
  }

  #ofObject(value: object): unknown {
    if (value instanceof Date) return `Date ${value.getTime()}`
    if (value instanceof URL || value instanceof RegExp) return `${value.constructor.name} ${value}`
    if (value instanceof Error) return [value.name, value.message, this.of({ ...value })]
    if (value instanceof Map)
      return ['Map', ...[...value].map(([key, held]) => [this.of(key), this.of(held)])]
    if (value instanceof Set) return ['Set', ...[...value].map((held) => this.of(held))]
    if (Array.isArray(value)) return value.map((held) => this.of(held))
    const plain: Record<string, unknown> = {}
    // Whatever stands there is asked for its name alone.
    const { name } =
      (Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null)?.constructor ?? {}
    if (name !== 'Object' && name !== undefined) plain.class = name
    for (const [key, held] of Object.entries(value)) set(plain, key, this.of(held))
    return plain
  }
}

/** A value as text: JSON's where JSON has it, and the same for the same data where not. */
export function plainText(value: unknown): string {
  return value === undefined ? 'undefined' : JSON.stringify(new Plain().of(value))
}

/** A key such as `__proto__` is data like any other. */
function set(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
  } else target[key] = value
}
