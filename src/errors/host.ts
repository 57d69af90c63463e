import { type ErrorFacts, TardigradeError } from './base.js'
import { reasonOf } from './text-of.js'

/** A host could not be set up. The others were cleaned up, and the store was not claimed. */
export class HostFailedError extends TardigradeError {
  readonly code = 'HOST_FAILED'
  constructor(facts: ErrorFacts = {}) {
    super(
      `A host could not be set up: ${reasonOf(facts.cause)}.`,
      'Mend what the cause names, or leave that host out.',
      facts,
    )
  }
}

/**
 * The time of a closing supervisor was over before this service rested with a durable checkpoint. What it had decided
 * since its last one may be lost; nothing that was acknowledged is.
 */
export class NotSafeInTimeError extends TardigradeError {
  readonly code = 'NOT_SAFE_IN_TIME'
  constructor(facts: ErrorFacts = {}) {
    super(
      'The store did not make the service durable before its supervisor had to close.',
      'See whether the store’s disk hangs, or close with a longer deadlineMs; the service goes on from its last checkpoint.',
      facts,
    )
  }
}

/** An embedder said a word of a lifecycle that no platform has. Nothing was changed by it. */
export class UnknownWordError extends TardigradeError {
  readonly code = 'UNKNOWN_WORD'
  constructor(
    readonly word: string,
    known: readonly string[],
    facts: ErrorFacts = {},
  ) {
    super(
      `The embedder said ${JSON.stringify(word.slice(0, 80))}, which is no word of a lifecycle.`,
      `Say {"lifecycle": WORD} with one of ${known.join(', ')}; or {"interrupt": NAME}, {"release": NAME}, {"shutdown": true}.`,
      facts,
    )
  }
}

/** What threw while a supervisor closed: `what` is the inspection, a host’s cleanup or the store. */
export interface CloseFailure {
  readonly what: string
  readonly cause: unknown
}

/**
 * A supervisor closed, and not all went well with it. Every service was brought to rest as `report` says, every
 * host’s cleanup was run, and the store was given back as far as it could be.
 *
 * `cause` is what was thrown, or an AggregateError of all of it.
 */
export class CloseFailedError extends TardigradeError {
  readonly code = 'CLOSE_FAILED'
  constructor(
    /** What `close` would have resolved with. */
    readonly report: {
      readonly safe: readonly string[]
      readonly unsafe: readonly { readonly key: string; readonly error: Error }[]
    },
    readonly failures: readonly CloseFailure[],
  ) {
    const told = failures.map(({ what, cause }) => `${what} threw ${reasonOf(cause)}`).join('; ')
    const causes = failures.map(({ cause }) => cause)
    super(
      `The supervisor is closed, but ${told}.`,
      'Mend what the cause names; `report` tells what is safe.',
      { cause: causes.length === 1 ? causes[0] : new AggregateError(causes, told) },
    )
  }
}
