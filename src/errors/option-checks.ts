import type { ErrorFacts } from './base.js'
import { InvalidOptionError } from './options.js'

/** What an option must be, and what in a value is not. */
export interface OptionCheck {
  readonly expected: string
  /** The values that are wrong: the whole, or parts of it. */
  readonly wrong: (value: unknown) => readonly unknown[]
}

export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

export const be = (expected: string, holds: (value: unknown) => boolean): OptionCheck => ({
  expected,
  wrong: (value) => (holds(value) ? [] : [value]),
})

export const oneOf = (...choices: readonly unknown[]) =>
  be(choices.join(', '), (value) => choices.includes(value))

/** A list in which each holds; with `least` 0 an empty one will do. */
export const listOf = (expected: string, holds: (value: unknown) => boolean, least = 1): OptionCheck => ({
  expected,
  wrong: (value) =>
    Array.isArray(value) && value.length >= least ? value.filter((one) => !holds(one)) : [value],
})

export const namedValues = (expected: string, holds: (value: unknown) => boolean): OptionCheck => ({
  expected,
  wrong: (value) => (isObject(value) ? Object.values(value).filter((one) => !holds(one)) : [value]),
})

export const wholeFrom = (least: number) =>
  be(`a whole number, ${least} or more`, (value) => Number.isSafeInteger(value) && Number(value) >= least)

const isFrom0 = (value: unknown) => typeof value === 'number' && value >= 0
export const from0 = be('a number, 0 or more', isFrom0)
export const milliseconds = be('a number of milliseconds, 0 or more', isFrom0)

/** Longest name of a hold or an event, in UTF-16 code units. */
export const LONGEST_NAME = 512

/** A name (of a hold, of an event), since checkpoints keep texts alone: whoever parses JSON has `any` where a text was promised. */
export const aName = be(
  `a text of 1 to ${LONGEST_NAME} characters`,
  (value) => typeof value === 'string' && value.length > 0 && value.length <= LONGEST_NAME,
)

/** A port that somebody may listen on, from `least` on: 0 is any that is free. */
export const isPort = (value: unknown, least: 0 | 1) =>
  Number.isInteger(value) && Number(value) >= least && Number(value) < 65_536

export const isFunction = (value: unknown): value is () => unknown => typeof value === 'function'

/** An object, or a class with static ones, with these methods, as far as anybody sees. */
export const hasMethods = (value: unknown, ...methods: readonly string[]) =>
  (isObject(value) || isFunction(value)) &&
  methods.every((name) => typeof Reflect.get(value, name) === 'function')

export const aFunction = be('a function', isFunction)
export const aShareOrNever = be(
  'a share from 0 to 1, or false',
  (value) => value === false || (isFrom0(value) && Number(value) <= 1),
)
export const aSwitch = oneOf(true, false)
export const anything = be('anything', () => true)

/** Longest value that a message shows, in UTF-16 code units. */
const LONGEST = 80

/** A value as a message shows it: texts in quotes, functions by their names, numbers as they are, of which JSON does not know all. */
export function shown(value: unknown): string {
  if (typeof value === 'function') return `the function ${value.name || 'without a name'}`
  if (typeof value !== 'string' && !isObject(value)) return String(value)
  const text = written(value)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function written(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'an object'
  } catch {
    return 'an object'
  }
}

/**
 * Refuses options that would say nothing, or something else than was meant: whoever writes plain JavaScript, or parses JSON,
 * has no type that tells.
 * @throws {InvalidOptionError} they are no object, one is missing or unknown, or one is not what it must be
 */
export function checkOptions(
  of: string,
  options: unknown,
  checks: Readonly<Record<string, OptionCheck>>,
  required: readonly string[] = [],
  facts?: ErrorFacts,
): void {
  if (!isObject(options))
    throw new InvalidOptionError(`of ${of}`, shown(options), 'an object of options', facts)
  for (const name of [...Object.keys(options), ...required]) {
    const value: unknown = Reflect.get(options, name)
    if (value === undefined && !required.includes(name)) continue
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined
    if (check === undefined) {
      const problem = `There is no option ${name} of ${of}.`
      throw new InvalidOptionError(name, shown(value), Object.keys(checks).join(', '), facts, problem)
    }
    const wrong = check.wrong(value)
    if (wrong.length > 0) throw new InvalidOptionError(name, shown(wrong[0]), check.expected, facts)
  }
}
