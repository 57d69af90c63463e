import { type ErrorFacts, TardigradeError } from './base.js'

/** The kit cannot verify this machine as it is. */
export class UnverifiableError extends TardigradeError {
  readonly code = 'UNVERIFIABLE'
  constructor(part: string, problem: string, remedy: string, facts: ErrorFacts = {}) {
    super(`${part} cannot be verified: ${problem}.`, remedy, facts)
  }
}

/** The uninterrupted service differs from itself: something in it reads a clock, chance or what lies outside of it. */
export class FlakyMachineError extends TardigradeError {
  readonly code = 'FLAKY_MACHINE'
  constructor(
    /** What differed, in words. */
    readonly difference: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `Run twice without any interruption, the service differs from itself: ${difference}.`,
      'Give the machine its time and chance through input or events, or leave them out with `normalize`.',
      facts,
    )
  }
}

/** A token that was made for something else. */
export class ForeignTokenError extends TardigradeError {
  readonly code = 'FOREIGN_TOKEN'
  constructor(problem: string, facts: ErrorFacts = {}) {
    super(`The token ${problem}.`, 'Verify again: a new run prints a new token.', facts)
  }
}

/** An interruption that changed what a service does. */
export class InterruptionBugError<TStep> extends TardigradeError {
  readonly code = 'INTERRUPTION_BUG'
  constructor(
    /** The shortest plan found that shows it. */
    readonly steps: readonly TStep[],
    /** What differed, in words. */
    readonly difference: string,
    /** Replays the steps. */
    readonly token: string,
    /** The steps in words, the difference, the token. */
    told: string,
    facts: ErrorFacts = {},
  ) {
    super(told, 'Replay it with `replay(definition, token)`.', facts)
  }
}
