import { type ErrorFacts, TardigradeError } from './base.js'

/** An option or an argument is out of its range. */
export class InvalidOptionError extends TardigradeError {
  readonly code = 'INVALID_OPTION'
  constructor(
    readonly option: string,
    readonly value: unknown,
    expected: string,
    facts: ErrorFacts = {},
  ) {
    super(`The option ${option} is ${String(value)}.`, `Give ${expected}.`, facts)
  }
}

/** Why a time is none, since a timer would take it for no time at all; undefined where it is one, or is not given. */
export function msError(
  option: string,
  value: number | undefined,
  facts: ErrorFacts = {},
): InvalidOptionError | undefined {
  if (value === undefined || (typeof value === 'number' && value >= 0)) return undefined
  return new InvalidOptionError(option, value, 'a number of milliseconds, 0 or more', facts)
}

/** @throws {InvalidOptionError} the time is given, and is none */
export function checkMs(option: string, value: number | undefined, facts?: ErrorFacts): void {
  const error = msError(option, value, facts)
  if (error !== undefined) throw error
}

/** Longest name, in UTF-16 code units. */
const LONGEST_NAME = 512

/**
 * Why a name (of a hold, of an event) is none, since checkpoints keep texts alone; undefined where it is one, or is not given.
 * Whoever parses JSON has `any` where a text was promised.
 */
export function nameError(
  option: string,
  value: string | undefined,
  facts: ErrorFacts = {},
): InvalidOptionError | undefined {
  const sound = typeof value === 'string' && value.length > 0 && value.length <= LONGEST_NAME
  if (value === undefined || sound) return undefined
  return new InvalidOptionError(option, value, `a text of 1 to ${LONGEST_NAME} characters`, facts)
}

/** @throws {InvalidOptionError} the name is given, and is none */
export function checkName(option: string, value: string | undefined, facts?: ErrorFacts): void {
  const error = nameError(option, value, facts)
  if (error !== undefined) throw error
}
