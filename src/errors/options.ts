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
