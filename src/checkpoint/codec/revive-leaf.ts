import { UndecodableError } from '../../errors/codec.js'
import type { Rules } from './rules.js'

/** Revives an annotated value that has no annotated parts. */
export function reviveLeaf(rules: Rules, json: unknown, note: string | readonly [string, string]): unknown {
  if (typeof note !== 'string') return reviveNamed(rules, json, note)
  switch (note) {
    case 'undefined':
      if (json === null) return undefined
      throw misfit(note)
    case 'number':
      if (json === 'NaN' || json === 'Infinity' || json === '-Infinity' || json === '-0') return Number(json)
      throw misfit(note)
    case 'bigint':
      return reviveBigInt(rules, text(json, note))
    case 'Date': {
      const date = new Date(text(json, note))
      if (Number.isNaN(date.getTime())) throw misfit(note)
      return date
    }
    case 'regexp':
      if (rules.allowRegExp) return reviveRegExp(text(json, note))
      throw new UndecodableError(
        'it holds a RegExp',
        "Allow it with `allow: ['regexp']` if you trust the text.",
      )
    case 'URL':
      if (rules.allowURL) return attempt(() => new URL(text(json, note)), note)
      throw new UndecodableError('it holds a URL', "Allow it with `allow: ['url']` if you trust the text.")
    default:
      throw new UndecodableError(`it has the unknown annotation ${JSON.stringify(note).slice(0, 80)}`)
  }
}

function reviveNamed(rules: Rules, json: unknown, [type, name]: readonly [string, string]): unknown {
  if (type === 'custom') {
    const custom = rules.customs.find((rule) => rule.name === name)
    if (custom !== undefined) return attempt(() => custom.decode(json), `custom ${name}`)
    throw new UndecodableError(
      `it needs the custom type ${JSON.stringify(name).slice(0, 80)}`,
      name.startsWith('error:') ? 'Register that class in `classes`.' : 'Add its rule to `customs`.',
    )
  }
  const TypedArray = type === 'typed-array' ? rules.typedArrays.get(name) : undefined
  if (TypedArray === undefined) {
    throw new UndecodableError(`it has the unknown annotation ${JSON.stringify([type, name]).slice(0, 80)}`)
  }
  if (!Array.isArray(json) || !json.every((element) => typeof element === 'number')) throw misfit(name)
  return new TypedArray(json)
}

function reviveBigInt(rules: Rules, digits: string): bigint {
  // Reading n digits takes more than n steps, so the length is looked at first.
  if (digits.length > rules.maxBigIntDigits + (digits.startsWith('-') ? 1 : 0)) {
    throw new UndecodableError(
      `it holds a BigInt of more than ${rules.maxBigIntDigits} digits`,
      'Raise `maxBigIntDigits` if you wrote it yourself.',
    )
  }
  if (!/^-?[0-9]+$/.test(digits)) throw misfit('bigint')
  return BigInt(digits)
}

function reviveRegExp(source: string): RegExp {
  const end = source.lastIndexOf('/')
  if (end < 1 || source[0] !== '/') throw misfit('regexp')
  return attempt(() => new RegExp(source.slice(1, end), source.slice(end + 1)), 'regexp')
}

function text(json: unknown, note: string): string {
  if (typeof json === 'string') return json
  throw misfit(note)
}

function attempt<T>(make: () => T, what: string): T {
  try {
    return make()
  } catch (cause) {
    throw new UndecodableError(`reviving a value annotated as ${what} threw`, undefined, { cause })
  }
}

function misfit(note: string): UndecodableError {
  return new UndecodableError(`a value annotated as ${note} is none`)
}
