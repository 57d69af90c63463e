/**
 * Whether JSON keeps a primitive as it is. Objects are not asked: they answer false, except null.
 * `undefined`, NaN, ±Infinity, −0, BigInt, functions and symbols are not plain.
 */
export function isPlain(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      // A finite number minus itself is 0; NaN and the infinities give NaN.
      return value - value === 0 && (value !== 0 || 1 / value > 0)
    default:
      return value === null
  }
}

/** superjson's text for a number that JSON has no word for. */
export function numberText(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}
