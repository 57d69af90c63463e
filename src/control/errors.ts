import { type ErrorFacts, TardigradeError } from '../errors/base.js'
import { reasonOf } from '../errors/text-of.js'

/** Nobody listens for the store in this folder. `reason` tells how that showed. */
export class OwnerUnreachableError extends TardigradeError {
  readonly code = 'OWNER_UNREACHABLE'
  constructor(
    readonly folder: string,
    readonly reason: string,
    remedy = 'Start it with `tardigrade run MODULE`, or call serveControl(supervisor, folder) in the process that owns it.',
    facts: ErrorFacts = {},
  ) {
    super(`Nobody takes requests for the store ${folder}: ${reason}.`, remedy, facts)
  }
}

/** No socket can be made in this folder. `cause` is what the system said. */
export class ControlUnavailableError extends TardigradeError {
  readonly code = 'CONTROL_UNAVAILABLE'
  constructor(
    readonly folder: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `No requests can be taken in ${folder}: ${reasonOf(facts.cause)}.`,
      'Give serveControl the store’s folder or, where the store has none, one made for it, that this user can write to.',
      facts,
    )
  }
}

/** The owner ended, or hung up, before it answered; a tab may also have been frozen or have lost the store. */
export class OwnerGoneError extends TardigradeError {
  readonly code = 'OWNER_GONE'
  constructor(
    readonly folder: string,
    whose: 'process' | 'tab' = 'process',
    remedy = 'Look how the service stands, with `tardigrade show KEY` where it has a folder; an event that has a key can be sent again and is applied once.',
    facts: ErrorFacts = {},
  ) {
    const how = whose === 'tab' ? 'was closed or frozen, or lost it,' : 'hung up'
    super(
      `The ${whose} that owns the store ${folder} ${how} before it answered; the request may have been carried out or not.`,
      remedy,
      facts,
    )
  }
}

/** No answer, or no request, arrived in time. */
export class ControlTimeoutError extends TardigradeError {
  readonly code = 'CONTROL_TIMEOUT'
  constructor(
    readonly waitingFor: 'request' | 'reply',
    readonly timeoutMs: number,
    remedy = 'Look with `tardigrade show KEY`, then ask again, with a longer deadline for long tasks.',
    facts: ErrorFacts = {},
  ) {
    super(
      `No ${waitingFor} arrived within ${timeoutMs} ms; what was asked for may still be under way.`,
      remedy,
      facts,
    )
  }
}

/** A line is longer than a control socket takes. */
export class ControlTooLargeError extends TardigradeError {
  readonly code = 'CONTROL_TOO_LARGE'
  constructor(
    readonly limit: number,
    facts: ErrorFacts = {},
  ) {
    super(
      `The request or its reply is longer than ${limit} bytes; nothing was done with it.`,
      'Send a smaller event, such as the name of a file that holds the rest.',
      facts,
    )
  }
}

/** The control socket belongs to another user, or is none. */
export class ControlForbiddenError extends TardigradeError {
  readonly code = 'CONTROL_FORBIDDEN'
  constructor(
    readonly path: string,
    reason: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The control socket ${path} is not used: ${reason}.`,
      'Run this as the user who owns the store.',
      facts,
    )
  }
}

/** What was asked, or arrived at the owner, is no request that it knows. */
export class InvalidRequestError extends TardigradeError {
  readonly code = 'INVALID_REQUEST'
  constructor(
    readonly problem: string,
    facts: ErrorFacts = {},
    remedy = 'Use callControl or callTab, or the `tardigrade` command, of the version that the owner runs.',
  ) {
    super(`This is no control request: ${problem}.`, remedy, facts)
  }
}

/** An error of the owner's, as it crossed the socket; `code` is the original's. */
export class RemoteError extends TardigradeError {
  override get name(): string {
    return 'RemoteError'
  }

  constructor(
    readonly code: string,
    problem: string,
    remedy: string,
    facts: ErrorFacts = {},
  ) {
    super(problem, remedy, facts)
  }
}
