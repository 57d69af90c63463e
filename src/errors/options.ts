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
