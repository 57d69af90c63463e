import { type ErrorFacts, TardigradeError } from './base.js'

/** An option or an argument is out of its range. */
export class InvalidOptionError extends TardigradeError {
  readonly code = 'INVALID_OPTION'
  constructor(
    readonly option: string,
    readonly value: unknown,
    expected: string,
    facts: ErrorFacts = {},
    problem = `The option ${option} is ${String(value)}.`,
  ) {
    super(problem, `Give ${expected}.`, facts)
  }
}
