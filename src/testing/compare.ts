/** Where the expected comes from, in words. */
const TWIN = 'without the interruption'

/** Under this name an observation has the class of an object that is no plain one. */
export const CLASS = '(class)'

/** The first place where two observations differ, in words; undefined where they are the same. */
export function firstDifference(
  expected: unknown,
  found: unknown,
  path = '',
  otherwise = TWIN,
): string | undefined {
  if (Object.is(expected, found)) return undefined
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null
  if (!isObject(expected) || !isObject(found) || Array.isArray(expected) !== Array.isArray(found)) {
    return `${path === '' ? 'it' : path} is ${told(found)}, and ${told(expected)} ${otherwise}`
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
    if (key === CLASS && expected[key] !== found[key]) return otherClass(expected, found, path, otherwise)
    const at = path === '' ? key : `${path}.${key}`
    if (!Object.hasOwn(found, key)) return `${at} is missing, and ${told(expected[key])} ${otherwise}`
    if (!Object.hasOwn(expected, key)) return `${at} is ${told(found[key])}, and nothing ${otherwise}`
    const difference = firstDifference(expected[key], found[key], at, otherwise)
    if (difference !== undefined) return difference
  }
  return undefined
}

/** What the codec keeps comes back as it was, but for errors of classes that it does not know. */
function otherClass(
  expected: Readonly<Record<string, unknown>>,
  found: Readonly<Record<string, unknown>>,
  path: string,
  otherwise: string,
): string {
  const [was, is] = [expected, found].map((one) => one[CLASS] ?? 'no class')
  const difference = `${path === '' ? 'it' : path} is of ${is}, and of ${was} ${otherwise}`
  if (otherwise !== TWIN || !('message' in expected && 'message' in found)) return difference
  return `${difference} (an error keeps its class where the definition’s \`classes\` have it, and else its name and message: register ${was}, or go by those)`
}

/** Whether two observations are the same: the quick answer, without words. */
export function alike(expected: unknown, found: unknown): boolean {
  if (expected === found) return true
  if (typeof expected !== 'object' || typeof found !== 'object' || expected === null || found === null) {
    return Object.is(expected, found)
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || expected.length !== found.length) return false
    return expected.every((held, index) => alike(held, found[index]))
  }
  if (Array.isArray(found)) return false
  const keys = Object.keys(expected)
  if (keys.length !== Object.keys(found).length) return false
  // They are objects, and looked at by their own names.
  const [own, others] = [expected as Record<string, unknown>, found as Record<string, unknown>]
  return keys.every((key) => Object.hasOwn(found, key) && alike(own[key], others[key]))
}

/** Longest text of a value in a message. */
const LONGEST = 200

/** A value in a message. */
export function told(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
