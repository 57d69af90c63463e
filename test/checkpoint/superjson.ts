import SuperJSON from 'superjson'
import { bareError, errorToData, fillError, isErrorData } from '../../src/checkpoint/codec/error-data.js'
import { isEncodable } from '../../src/checkpoint/codec/is-encodable.js'
import type { CodecOptions, CustomType } from '../../src/checkpoint/codec/options.js'
import { compileRules, type Rules } from '../../src/checkpoint/codec/rules.js'

/**
 * superjson itself, with the classes, customs and errors of a codec: what that is held against. Its `serialize` refuses less, and its
 * `parse` has the engine’s JSON.parse read the keys, where the codec has `readJson`.
 */
export function referenceOf(options: CodecOptions = {}): SuperJSON {
  const rules = compileRules(options)
  // With dedupe, a shared object is written once. Without, a graph of n objects can take 2^n characters.
  const superjson = new SuperJSON({ dedupe: true })
  for (const [identifier, Class] of Object.entries(options.classes ?? {})) {
    if (Class.prototype instanceof Error) continue
    // superjson's type wants constructors with any arguments; it never calls them.
    superjson.registerClass(Class as new () => object, { identifier })
  }
  for (const custom of rules.customs) register(superjson, custom)
  for (const [name, { prototype }] of rules.errors) {
    if (prototype !== undefined) register(superjson, errorRule(rules, name, prototype))
  }
  register(superjson, errorRule(rules, 'error', undefined))
  return superjson
}

function errorRule(rules: Rules, name: string, prototype: object | undefined): CustomType {
  return {
    name,
    plain: false,
    applies: (value) =>
      prototype === undefined ? value instanceof Error : Object.getPrototypeOf(value) === prototype,
    // Asked only where `applies` said that it is an Error.
    encode: (value) => errorToData(value as Error, (cause) => isEncodable(rules, cause)),
    decode: (json) => {
      if (!isErrorData(json)) throw new TypeError('an annotated error has no name or message')
      const error = bareError(json, prototype)
      fillError(error, json)
      return error
    },
  }
}

function register(superjson: SuperJSON, custom: CustomType): void {
  superjson.registerCustom<object, null>(
    {
      isApplicable: (value): value is object =>
        typeof value === 'object' &&
        value !== null &&
        (custom.plain === true || !isPlainContainer(value)) &&
        custom.applies(value),
      // superjson's types name one output type; whatever JSON data comes out is written as it is.
      serialize: (value) => custom.encode(value) as null,
      // And one input type: what comes back is what the text holds.
      deserialize: (json) => custom.decode(json) as object,
    },
    custom.name,
  )
}

function isPlainContainer(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return (
    prototype === Object.prototype ||
    prototype === null ||
    (prototype === Array.prototype && Array.isArray(value))
  )
}
