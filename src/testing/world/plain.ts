import type { AnyActorRef } from 'xstate'
import { numberText } from '../../checkpoint/codec/primitives.js'
import { CLASS } from '../compare.js'
import { classOf, errorClassOf } from './class-of.js'

/** Values as data that can be compared: identity of shared objects and actors by number and name. */
export class Plain {
  readonly #numbers = new Map<object, number>()

  of(value: unknown): unknown {
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
      return numberText(value)
    }
    if (value === undefined) return '(undefined)'
    if (typeof value === 'function' || typeof value === 'symbol') return `(${typeof value}) ${String(value)}`
    if (typeof value !== 'object' || value === null) return value
    // An actor has both, and nothing else is taken for one.
    if ('sessionId' in value && 'send' in value) return `actor ${(value as AnyActorRef).id}`
    const known = this.#numbers.get(value)
    if (known !== undefined) return `the object ${known} again`
    this.#numbers.set(value, this.#numbers.size)
    return this.#ofObject(value)
  }

  #ofObject(value: object): unknown {
    if (Array.isArray(value)) return value.map((held) => this.of(held))
    if (Object.getPrototypeOf(value) === Object.prototype) return this.#members({}, value)
    if (value instanceof Date) return `Date ${value.getTime()}`
    if (value instanceof URL || value instanceof RegExp) return `${value.constructor.name} ${value}`
    if (value instanceof Error) return this.#ofError(value)
    if (value instanceof Map)
      return ['Map', ...[...value].map(([key, held]) => [this.of(key), this.of(held)])]
    if (value instanceof Set) return ['Set', ...[...value].map((held) => this.of(held))]
    const name = classOf(value)
    const elements = elementsOf(value)
    if (elements !== undefined) return [name, ...Array.from(elements, (held) => this.of(held))]
    return this.#members(name === undefined ? {} : { [CLASS]: name }, value)
  }

  /** All but its stack, which says where its maker was called from, and by whom. */
  #ofError(error: Error): unknown {
    const { name, message, stack: _, cause: __, ...members } = error as Error & { errors?: unknown }
    const parts: Record<string, unknown> = {
      [CLASS]: errorClassOf(error),
      name: this.of(name),
      message: this.of(message),
    }
    if ('cause' in error) parts.cause = this.of(error.cause)
    if (error instanceof AggregateError) {
      delete members.errors
      parts.errors = this.of(error.errors)
    }
    return this.#members(parts, members)
  }

  #members(plain: Record<string, unknown>, value: object): unknown {
    for (const [key, held] of Object.entries(value)) set(plain, key, this.of(held))
    return plain
  }
}

/** What stands in memory as it is, one after another; undefined: it is none of that. */
function elementsOf(value: object): Iterable<number | bigint> | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (value instanceof DataView) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  // All views but those are typed arrays.
  return ArrayBuffer.isView(value) ? (value as Uint8Array | BigInt64Array) : undefined
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
