import { argument, inFull } from './argument.js'
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

/** Something was not shown, or somebody who looks on was not answered. The services go on, and so does the inspector. */
export class InspectionFailedError extends TardigradeError {
  readonly code = 'INSPECTION_FAILED'
  constructor(
    facts: ErrorFacts = {},
    what = 'What happened in a service could not be shown',
    remedy = 'See the cause: `only` must not throw, and a recording needs a folder that takes it. Further ones of this inspector are not told.',
  ) {
    super(`${what}: ${reasonOf(facts.cause)}.`, remedy, facts)
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

/** A service of which a store holds less than its last owner has recorded: `held` is the newest checkpoint that it has, 0 for none. */
export interface BehindService {
  readonly key: string
  readonly held: number
  /** The newest one that was recorded. */
  readonly checkpoint: number
  /** That was of an earlier owner: the store was claimed since, and nobody has gone on with the service. */
  readonly isEarlier?: true
}

/** Of so many services the message says what is missing; `services` has all. */
const MOST_TOLD = 3

/**
 * Commits were recorded beside a store that are newer than what it holds, by an owner that it has never heard of, by its last one, or by an earlier one:
 * what was acknowledged is missing in it, in all or of some services. Of a service it is said until that goes on, or is removed.
 */
export class StoreOlderError extends TardigradeError {
  readonly code = 'STORE_OLDER'
  constructor(
    readonly location: string,
    /** Of the store's last owner. */
    readonly epoch: number,
    /** Of the owner that has recorded last. */
    readonly recordedEpoch: number,
    /** Of which services what was committed is missing; none where it has never heard of the owner that has recorded last. */
    readonly services: readonly BehindService[],
    /** Whether whoever says so has claimed it since; and what kind of store it is. */
    { isClaimed = false, kind }: { readonly isClaimed?: boolean; readonly kind: 'database' | 'files' },
    facts: ErrorFacts = {},
  ) {
    const why =
      services.length === 0
        ? `its last owner has epoch ${epoch}, and commits of epoch ${recordedEpoch} were recorded`
        : services.slice(0, MOST_TOLD).map(behindText).join('; ')
    const more = services.length > MOST_TOLD ? `; the same is so of ${services.length - MOST_TOLD} more` : ''
    super(
      `The store ${location} is older than what was recorded beside it: ${why}${more}.`,
      // Who reads it may stand in another folder.
      inFull(
        `${kind === 'database' ? DATABASE_CAUSE : filesCause(services.length)} ${REMEDIES[kind][isClaimed ? 'claimed' : services.some((one) => one.isEarlier) ? 'since' : 'unclaimed']}`,
        ` --store ${argument(location)}`,
      ),
      facts,
    )
  }
}

/** The folder of a store that was looked at is not there any more, and no process has it: what the store holds nobody knows until it is back. */
export class StoreAwayError extends TardigradeError {
  readonly code = 'STORE_AWAY'
  constructor(
    readonly location: string,
    facts: ErrorFacts = {},
  ) {
    super(
      `The store ${location} is away: its folder was moved, renamed or deleted, and nobody knows here what it holds.`,
      'Put the folder back, and its services are shown again by themselves; where it is at another place now, start the inspector there.',
      facts,
    )
  }
}

function behindText({ key, held, checkpoint, isEarlier }: BehindService): string {
  return `it holds ${held === 0 ? 'nothing' : `checkpoint ${held}`} of ${key}, and ${isEarlier ? 'an earlier owner' : 'its last owner'} recorded checkpoint ${checkpoint}`
}

const DATABASE_CAUSE =
  'It was restored from an older copy, or the log of its database is damaged, which `tardigrade doctor` reads.'

function filesCause(services: number): string {
  if (services === 0) return 'It was restored from an older copy.'
  return `It was restored from an older copy, or the files of ${services === 1 ? 'that service' : 'those services'} alone were.`
}

const GOES_ON = 'This process has claimed it since, and its services go on from what the store holds.'
const SINCE = 'It was claimed since: where that is not meant, stop its process and'
const UNTIL =
  'This is said of a service until that is started and goes on, or is removed with `tardigrade rm KEY`.'
const REMEDIES = {
  database: {
    unclaimed:
      'Copy the folder before any process claims the store, which would write over what is left. A service that starts now goes on from what the store holds.',
    since: `${SINCE} copy the folder before more is written over what is left. ${UNTIL}`,
    claimed: `${GOES_ON} Where that is not meant, stop it and copy the folder before more is written over what is left.`,
  },
  files: {
    unclaimed:
      'Where that is not meant, put the newer files back before any process claims the store: a service that starts now goes on from what the store holds.',
    since: `${SINCE} put the newer files back. ${UNTIL}`,
    claimed: `${GOES_ON} Where that is not meant, stop it and put the newer files back.`,
  },
} as const

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
