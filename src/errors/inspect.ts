import { type ErrorFacts, TardigradeError } from './base.js'
import { reasonOf } from './text-of.js'

/** The port on which an inspector was to listen is taken. */
export class PortInUseError extends TardigradeError {
  readonly code = 'PORT_IN_USE'
  constructor(
    readonly port: number,
    remedy = 'Choose another port, or none for one that is free.',
    facts: ErrorFacts = {},
  ) {
    super(`Port ${port} is in use.`, remedy, facts)
  }
}

/** No inspector takes what is sent to it. It is tried again, and no service waits for it. */
export class ReceiverUnreachableError extends TardigradeError {
  readonly code = 'RECEIVER_UNREACHABLE'
  constructor(
    readonly url: string,
    reason: string,
    remedy: string,
    facts: ErrorFacts = {},
  ) {
    super(`The inspector at ${url} cannot be reached: ${reason}.`, remedy, facts)
  }
}

/** Something was not shown. The services go on, and so does the inspector. */
export class InspectionFailedError extends TardigradeError {
  readonly code = 'INSPECTION_FAILED'
  constructor(facts: ErrorFacts = {}) {
    super(
      `What happened in a service could not be shown: ${reasonOf(facts.cause)}.`,
      'See the cause: `only` must not throw, and a recording needs a folder that takes it. Further ones of this inspector are not told.',
      facts,
    )
  }
}

/** A file of a recording cannot be read. All else is shown, and the file is left as it is. */
export class RecordingUnreadableError extends TardigradeError {
  readonly code = 'RECORDING_UNREADABLE'
  constructor(
    readonly path: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The recording ${path} cannot be read: ${reasonOf(facts.cause)}. What it tells is missing here.`,
      'Give this user the rights to read it, or see to the disk, and start the inspector anew.',
      facts,
    )
  }
}

/**
 * Commits were recorded beside a store that are newer than all that it holds, by an owner that it has never heard of, or by its last one: what was
 * acknowledged is missing in it.
 */
export class StoreOlderError extends TardigradeError {
  readonly code = 'STORE_OLDER'
  readonly recordedEpoch: number
  constructor(
    readonly location: string,
    /** Of the store's last owner. */
    readonly epoch: number,
    /** The newest commit that was recorded. */
    recorded: { readonly key: string; readonly epoch: number; readonly checkpoint: number },
    /** Whether whoever says so has claimed it since; and what it holds of that service, where its last owner has committed that itself. */
    { isClaimed = false, held }: { readonly isClaimed?: boolean; readonly held?: number } = {},
    facts: ErrorFacts = {},
  ) {
    const why =
      held === undefined
        ? `its last owner has epoch ${epoch}, and commits of epoch ${recorded.epoch} were recorded`
        : `it holds ${held === 0 ? 'nothing' : `checkpoint ${held}`} of ${recorded.key}, and its last owner recorded checkpoint ${recorded.checkpoint}`
    super(
      `The store ${location} is older than what was recorded beside it: ${why}.`,
      `It was restored from an older copy, or the log of its database is damaged, which \`tardigrade doctor\` reads. ${isClaimed ? CLAIMED : UNCLAIMED}`,
      facts,
    )
    this.recordedEpoch = recorded.epoch
  }
}

const UNCLAIMED =
  'Copy the folder before any process claims the store, which would write over what is left. A service that starts now goes on from what the store holds.'
const CLAIMED =
  'This process has claimed it since, and its services go on from what the store holds. Where that is not meant, stop it and copy the folder before more is written over what is left.'

/** What somebody sent from a receiver did not come to its service. */
export class IncomingEventError extends TardigradeError {
  readonly code = 'INCOMING_EVENT'
  constructor(
    readonly event: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The event ${event}, which somebody sent from a receiver, was not taken: ${reasonOf(facts.cause)}.`,
      'See the cause: it is what `onEvent` rejected with.',
      facts,
    )
  }
}

/** `inspect: true` needs a server, which only Node has. */
export class NoServerHereError extends TardigradeError {
  readonly code = 'NO_SERVER_HERE'
  constructor(facts: ErrorFacts = {}) {
    super(
      'This platform has no server to inspect services with.',
      'Give a function, such as that of statelyInspector in `tardigrade/inspect`; its way `browser` needs no server.',
      facts,
    )
  }
}

/** A process was to be killed at a state that the machine of the service does not have, and so never would have been. */
export class UnknownStateError extends TardigradeError {
  readonly code = 'UNKNOWN_STATE'
  constructor(
    readonly state: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The machine of this service has no state ${state}.`,
      'Name one of its states as `matches` takes it, such as loading.first.',
      facts,
    )
  }
}

/** An actor of an application that has shown itself here takes nothing any more. */
export class GuestGoneError extends TardigradeError {
  readonly code = 'GUEST_GONE'
  constructor(key: string, facts: ErrorFacts = {}) {
    super(
      `No actor of an application takes events as ${key}: it has ended, or its application is gone.`,
      'Start the application again: when its actor shows itself here, over @xstate/inspect (XState 4), events can be sent to it.',
      { ...facts, key },
    )
  }
}

/** An application that shows itself here over an inspector of XState takes no such thing from here. */
export class GuestEventError extends TardigradeError {
  readonly code = 'GUEST_EVENT'
  constructor(key: string, facts: ErrorFacts = {}) {
    super(
      'An application that shows itself here over @statelyai/inspect is for looking at: that protocol has no events to it.',
      'Send to it from its own code; over @xstate/inspect (XState 4), events can be sent from here, and nothing else.',
      { ...facts, key },
    )
  }
}

/** An application that would show itself here, over an inspector of XState, has given no token or another one. */
export class GuestRefusedError extends TardigradeError {
  readonly code = 'GUEST_REFUSED'
  constructor(
    /** The package that it uses. */
    readonly guest: string,
    readonly token: 'none' | 'other',
    facts: ErrorFacts = {},
  ) {
    super(
      `An application that uses ${guest} was refused: its URL gives ${token === 'none' ? 'no token' : 'another token than this server has'}.`,
      `Give it the address that this server printed, and start it again. In Node ${
        guest === '@xstate/inspect'
          ? 'it listens by itself: name its address with --connect, or in `connect`.'
          : 'write ws:, the path /stately, and ?token= in the place of #token=.'
      }`,
      facts,
    )
  }
}
