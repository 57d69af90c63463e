/** Kinds of bytes, of which a page shows each. */
const BYTES = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
]

/** Numbers as they are shown that JSON does not have, and what else has no form in it. */
const NAMED = /^\[(NaN|-?Infinity|undefined)\]$/
const BIGINT = /^-?\d+n$/
const DATE = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** A shown value as JavaScript that means the same, on one line: what JSON does not have, too, as far as it is shown as what it is. */
export function literal(value: unknown): string {
  if (typeof value === 'string') {
    if (BIGINT.test(value)) return value
    return NAMED.exec(value)?.[1] ?? quoted(value)
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return listOf(value)
  const fields = Object.entries(value)
  return collection(fields) ?? `{${fields.map(fieldOf).join()}}`
}

/** Whether it is not known of which type some of a value is: a text may look as something else is shown, and a date is shown as a text. */
export function isGuess(value: unknown): boolean {
  if (typeof value === 'string') return [BIGINT, NAMED, DATE].some((form) => form.test(value))
  if (typeof value !== 'object' || value === null) return false
  return collection(Object.entries(value)) !== undefined || Object.values(value).some(isGuess)
}

/** A text as JavaScript, on one line. */
export function quoted(text: string): string {
  // JSON leaves two characters as they are that end a line of JavaScript.
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

const listOf = (values: readonly unknown[]): string => `[${values.map(literal).join()}]`

function fieldOf([name, value]: readonly [string, unknown]): string {
  // As a name in braces it would set the prototype.
  return `${name === '__proto__' ? `[${quoted(name)}]` : quoted(name)}:${literal(value)}`
}

/** A Map, a Set or bytes, each of which is shown under a name that says how many there are. */
function collection([field, another]: readonly (readonly [string, unknown])[]): string | undefined {
  if (field === undefined || another !== undefined) return undefined
  const [, type = '', size, bytes] = /^(\w+)\((\d+)( bytes)?\)$/.exec(field[0]) ?? []
  const values: unknown = field[1]
  if (!Array.isArray(values)) return undefined
  if (bytes !== undefined)
    return BYTES.includes(type) ? `${type}.of(${values.map(literal).join()})` : undefined
  if (values.length !== Number(size)) return undefined
  const isOne = type === 'Set' || (type === 'Map' && values.every(isPair))
  return isOne ? `new ${type}(${listOf(values)})` : undefined
}

const isPair = (value: unknown): boolean => Array.isArray(value) && value.length === 2
