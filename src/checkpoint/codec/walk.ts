import { UnencodableError, type UnencodableKind } from '../../errors/codec.js'
import { isReservedKey } from './keys.js'
import { Met } from './met.js'
import { Notes } from './notes.js'
import { joinPath } from './paths.js'
import { isPlain, numberText } from './primitives.js'
import type { Rules } from './rules.js'
import { walkCustom, walkTyped } from './typed.js'

/**
 * One pass over a value, with superjson's `json` as its result and the annotations in `notes`.
 *
 * Copy on write: what needs no annotation is handed on as it is, for `JSON.stringify`. The value itself is
 * never changed.
 */
export class Walk {
  readonly notes = new Notes()
  /** Objects that were met more than once, if there are any. */
  repeated: Set<object> | undefined
  readonly #met = new Met()
  readonly #paths: ReadonlyMap<object, string[]> | undefined

  /**
   * @param rules the codec's
   * @param paths in a second walk: the objects that the first one met more than once, each with a list
   *   that receives its paths
   * @param isTrial only asks whether a value can be encoded, without looking at the causes of its errors:
   *   those are tried one by one, where a trial of all below each of them would be exponential
   */
  constructor(
    readonly rules: Rules,
    paths?: ReadonlyMap<object, string[]>,
    readonly isTrial = false,
  ) {
    this.#paths = paths
  }

  /** The json of any value. `depth` is the length of its path, which `notes` holds. */
  visit(value: unknown, depth: number): unknown {
    if (typeof value === 'object' && value !== null) return this.visitObject(value, depth)
    return isPlain(value) ? value : this.#visitPrimitive(value, depth)
  }

  visitObject(value: object, depth: number): unknown {
    if (this.#isRepeat(value, depth)) return null
    if (depth > this.rules.maxDepth) {
      this.refuse(depth, 'depth', `it is nested more than ${this.rules.maxDepth} levels deep`)
    }
    try {
      const prototype: unknown = Object.getPrototypeOf(value)
      const isObject = prototype === Object.prototype || prototype === null
      const isArray = !isObject && prototype === Array.prototype && Array.isArray(value)
      if (!isObject && !isArray) return walkTyped(this, value, prototype, depth)
      if (isArray) return this.#visitElements(value, depth)
      for (const custom of this.rules.plainCustoms) {
        if (custom.applies(value)) return walkCustom(this, value, custom, depth)
      }
      return this.visitMembers(value, depth)
    } catch (error) {
      if (error instanceof UnencodableError) throw error
      if (error instanceof RangeError)
        this.refuse(depth, 'depth', 'the call stack is too small for it', error)
      return this.refuse(depth, 'unreadable', 'reading it threw', error)
    }
  }

  /** The own enumerable properties of an object, whatever its prototype. */
  visitMembers(value: object, depth: number): object {
    // A plain view of the object, whose members are taken as unknown.
    const members = value as Readonly<Record<string, unknown>>
    let copy: Record<string, unknown> | undefined
    for (const key in members) {
      // biome-ignore lint/suspicious/noPrototypeBuiltins: engines inline this form in for…in loops only
      if (!Object.prototype.hasOwnProperty.call(members, key)) continue
      if (isReservedKey(key)) this.#refuseMember(depth, key, 'reserved-key', 'its key leads to a prototype')
      const member = members[key]
      if (isPlain(member)) continue
      this.notes.enter(depth, key)
      const json =
        typeof member === 'object' && member !== null
          ? this.visitObject(member, depth + 1)
          : this.#visitPrimitive(member, depth + 1)
      if (json === member) continue
      copy ??= { ...members }
      copy[key] = json
    }
    const symbols = Object.getOwnPropertySymbols(value)
    if (symbols.length > 0) this.#refuseSymbolKeys(value, symbols, depth)
    return copy ?? members
  }

  #visitElements(value: readonly unknown[], depth: number): readonly unknown[] {
    // Holes and named properties: JSON and superjson both lose them without a word.
    if (Object.keys(value).length !== value.length) this.#refuseOddArray(value, depth)
    const symbols = Object.getOwnPropertySymbols(value)
    if (symbols.length > 0) this.#refuseSymbolKeys(value, symbols, depth)
    let copy: unknown[] | undefined
    for (let index = 0; index < value.length; index++) {
      const element = value[index]
      if (isPlain(element)) continue
      if (element === undefined && !(index in value)) this.#refuseOddArray(value, depth)
      this.notes.enter(depth, index)
      const json =
        typeof element === 'object' && element !== null
          ? this.visitObject(element, depth + 1)
          : this.#visitPrimitive(element, depth + 1)
      if (json === element) continue
      copy ??= value.slice()
      copy[index] = json
    }
    return copy ?? value
  }

  #visitPrimitive(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'undefined':
        this.notes.add(depth, '["undefined"]')
        return null
      case 'number':
        this.notes.add(depth, '["number"]')
        return numberText(value)
      case 'bigint': {
        const text = value.toString()
        const { maxBigIntDigits } = this.rules
        if (text.length > maxBigIntDigits && text.length - (value < 0n ? 1 : 0) > maxBigIntDigits) {
          this.refuse(depth, 'bigint', `it has more than ${maxBigIntDigits} digits`)
        }
        this.notes.add(depth, '["bigint"]')
        return text
      }
      case 'symbol':
        return this.refuse(depth, 'symbol', 'it is a symbol')
      default:
        return this.refuse(depth, 'function', 'it is a function')
    }
  }

  /** Whether the object stands in the text already; then the text gets null, and its path leads there. */
  #isRepeat(value: object, depth: number): boolean {
    if (this.#paths !== undefined) {
      const paths = this.#paths.get(value)
      return paths !== undefined && paths.push(joinPath(this.notes.pathTo(depth))) > 1
    }
    if (!this.#met.again(value)) return false
    this.repeated ??= new Set()
    this.repeated.add(value)
    return true
  }

  #refuseSymbolKeys(value: object, symbols: readonly symbol[], depth: number): void {
    const key = symbols.find((symbol) => Object.getOwnPropertyDescriptor(value, symbol)?.enumerable === true)
    if (key !== undefined) this.refuse(depth, 'symbol-key', `it has the key ${String(key)}`)
  }

  #refuseOddArray(value: readonly unknown[], depth: number): void {
    for (let index = 0; index < value.length; index++) {
      if (!(index in value)) this.#refuseMember(depth, index, 'hole', 'the array has a hole there')
    }
    const key = Object.keys(value)[value.length]
    if (key !== undefined) this.#refuseMember(depth, key, 'named-property', 'an array has that property')
  }

  #refuseMember(depth: number, key: string | number, kind: UnencodableKind, problem: string): never {
    this.notes.enter(depth, key)
    return this.refuse(depth + 1, kind, problem)
  }

  /** @throws {UnencodableError} always, with the first `depth` keys of the path */
  refuse(depth: number, kind: UnencodableKind, problem: string, cause?: unknown): never {
    throw new UnencodableError(this.notes.pathTo(depth), kind, problem, { cause })
  }
}
