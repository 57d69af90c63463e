import { decode } from './decode.js'
import { encode } from './encode.js'
import { checkEncodable } from './is-encodable.js'
import type { CodecOptions } from './options.js'
import { compileRules } from './rules.js'

export type { CodecOptions, CustomType } from './options.js'

/** Values to text and back, losing nothing. The text is superjson's: `{ json, meta }`. */
export interface Codec {
  /**
   * The text of a value.
   *
   * Kept: JSON's types, undefined, NaN, ±Infinity, −0, BigInt, Date, Map, Set, typed arrays of numbers,
   * errors, registered classes, custom types, and which references lead to the same object, cycles included.
   * Errors come back as `Error`, as the native class of their name, or as `AggregateError`, with name,
   * message, stack, cause, errors and own primitive properties; a cause that cannot be encoded as its
   * `String()`. The prototype of another subclass comes back where it is registered in `classes`.
   *
   * Not told apart: an object without prototype comes back with one, getters are read (maybe twice) and come
   * back as values, and non-enumerable properties are left out.
   *
   * @param head members of JSON that stand before those of `value`, which is a plain object with at least one: their text,
   * ending in a comma. Written once, it serves many values.
   * @throws {UnencodableError} the value would not come back as it is; `path` leads to the reason
   * @example
   * ```ts
   * codec.encode({ at: new Date(0) })
   * // {"json":{"at":"1970-01-01T00:00:00.000Z"},"meta":{"values":{"at":["Date"]},"v":1}}
   * ```
   */
  encode(value: unknown, head?: string): string
  /**
   * Looks whether a value can be encoded, at a part of the cost: it makes no text, so it does not see one that would
   * be too long.
   *
   * @param below how many levels below the whole that is encoded it is to stand; 0 by default
   * @throws {UnencodableError} as `encode` does
   * @example
   * ```ts
   * codec.check({ reply: () => {} }) // throws: Cannot encode reply: it is a function. …
   * ```
   */
  check(value: unknown, below?: number): void
  /**
   * The value of a text. Nothing in the text is executed, and no prototype but that of a registered class is
   * given to anything.
   *
   * @throws {UndecodableError} for whatever is wrong with the text: never any other error
   * @example
   * ```ts
   * codec.decode('{"json":"7","meta":{"values":["bigint"],"v":1}}') // 7n
   * ```
   */
  decode(text: string): unknown
}

/**
 * Makes a codec.
 *
 * @param options classes, custom types, permissions and limits; none are needed
 * @throws {CodecOptionsError} options that contradict each other or would lose data
 * @example
 * ```ts
 * class Money {
 *   constructor(readonly cents: bigint) {}
 * }
 * const codec = createCodec({ classes: { Money }, allow: ['url'] })
 * codec.decode(codec.encode({ price: new Money(5n) })) // { price: Money { cents: 5n } }
 * ```
 */
export function createCodec(options: CodecOptions = {}): Codec {
  const rules = compileRules(options)
  return {
    encode: (value, head) => encode(rules, value, head),
    check: (value, below) => checkEncodable(rules, value, below),
    decode: (text) => decode(rules, text),
  }
}
