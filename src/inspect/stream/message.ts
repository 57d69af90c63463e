import type { Chart } from '../chart/chart.js'
import type { Shown } from '../shown.js'
import type { Entry } from './entry.js'
import type { ServiceState } from './state.js'
import type { Problem, StoredCheckpointShown, StoredMessage } from './stored.js'

export type {
  Damage,
  Problem,
  StoredCheckpointShown,
  StoredMessage,
  StoredService,
  StoreOwnerShown,
} from './stored.js'

/**
 * The library's own inspection stream, version 1: what one process, or the history that it left beside its store, tells of
 * its services over a WebSocket. One message is one JSON text. docs/inspection-protocol.md tells in which order they come.
 */
export const PROTOCOL_VERSION = 1

/** Every message that a server sends. */
export type ServerMessage =
  | ServerHello
  | IncarnationMessage
  | ChartMessage
  | BaseMessage
  | EntriesMessage
  | GapMessage
  | RecordingsMessage
  | EndsMessage
  | StoredMessage
  | HistoryMessage
  | ControlledMessage
  | RefusedMessage
  | RefusedGuestsMessage

/** Every message that a client sends. Its first is `hello`. */
export type ClientMessage = ClientHello | AckMessage | HistoryRequest | ControlRequestMessage

/** Answers the client's hello. */
export interface ServerHello {
  readonly type: 'hello'
  readonly version: number
  /** Who answers: of a process that inspects itself its own; of `tardigrade inspect` that of the command. */
  readonly pid: number
  /** The store, for people; undefined where it has no place. */
  readonly store?: string
  /** Whether control messages are taken. */
  readonly control: boolean
  /** Of a server beside a store: the command that starts it again, as it was started. A process that inspects itself has none. */
  readonly command?: string
}

/** A process start: what it told follows, in its own numbers. One comes for each before anything else of it. */
export interface IncarnationMessage {
  readonly type: 'incarnation'
  /** Name of this process start; no two have the same one. They sort by time as texts. */
  readonly incarnation: string
  /** 0 where nobody knows it. */
  readonly pid: number
  readonly startedAtMs: number
  /** Of an application that no supervisor runs and that shows itself here: the package that it uses. Its services are its root actors. */
  readonly guest?: '@statelyai/inspect' | '@xstate/inspect'
  /** Whether its process runs, as far as the server knows. It comes again when that changes. */
  readonly live: boolean
}

/** A machine to draw: sent once for each hash, before anything names it. */
export interface ChartMessage {
  readonly type: 'chart'
  readonly hash: string
  readonly chart: Chart
}

/**
 * How a service stood right after the entry of this sequence: what the entries that follow change. One comes for every service
 * known then, before the first entry after a beginning or a gap.
 */
export interface BaseMessage {
  readonly type: 'base'
  readonly incarnation: string
  readonly sequence: number
  readonly key: string
  readonly state: ServiceState
}

/** Entries of one incarnation, in order and without a hole: the first follows the last one that this client was sent. */
export interface EntriesMessage {
  readonly type: 'entries'
  readonly incarnation: string
  readonly entries: readonly Entry[]
}

/** Entries that nobody has any more, said plainly. The bases of what follows come after it. */
export interface GapMessage {
  readonly type: 'gap'
  readonly incarnation: string
  /** First and last sequence that are missing. */
  readonly from: number
  readonly to: number
  /** They made room for newer ones, or the file that held them is damaged. */
  readonly reason: 'budget' | 'damaged'
}

/** Of the recordings that were found, what could not be read: it comes after the hello, where there is any. */
export interface RecordingsMessage {
  readonly type: 'recordings'
  readonly problems: readonly Problem[]
}

/**
 * What there was when this connection began, as soon as the server has read it: it comes once, before all entries. Until a client has them up
 * to there, and the first complete `stored`, what it knows of a service is how that stood some time ago.
 */
export interface EndsMessage {
  readonly type: 'ends'
  /** Last sequence of each incarnation of which the client has not seen all. */
  readonly sequences: Readonly<Record<string, number>>
}

/** Answers a request for history: the checkpoints that the store keeps of a service, newest first. */
export interface HistoryMessage {
  readonly type: 'history'
  readonly id: number
  readonly key: string
  readonly checkpoints: readonly StoredCheckpointShown[]
  readonly problem?: Problem
}

/** Answers a control message. */
export type ControlledMessage =
  | { readonly type: 'controlled'; readonly id: number; readonly ok: true; readonly result: Shown }
  | { readonly type: 'controlled'; readonly id: number; readonly ok: false; readonly problem: Problem }

/** What the client sent is not taken. The connection ends, unless the code is `CONTROL_OFF` or `UNKNOWN_TYPE`. */
export interface RefusedMessage {
  readonly type: 'refused'
  readonly code: RefusalCode
  readonly message: string
}

export type RefusalCode =
  /** The first message is no hello, or the hello has no or another token. */
  | 'TOKEN'
  /** The client speaks a version that this server does not. `message` names both. */
  | 'VERSION'
  /** It is no JSON text, or a message of a known type in another shape. */
  | 'MALFORMED'
  /** It is longer than 1 MiB. Beyond 4 MiB the WebSocket ends with its own code 1009. */
  | 'TOO_LARGE'
  /** A second hello, or an acknowledgement of what was not sent. */
  | 'OUT_OF_ORDER'
  /** It does not read what comes: more waits in its socket than is kept for it. */
  | 'TOO_MANY'
  /** A newer client may know it. The connection goes on. */
  | 'UNKNOWN_TYPE'
  /** The server is for reading only: it was started without control. The connection goes on. */
  | 'CONTROL_OFF'

/** The first message of a client. */
export interface ClientHello {
  readonly type: 'hello'
  readonly version: number
  /** From the fragment of the page's address. */
  readonly token: string
  /** The last sequence that the client has of each incarnation: what follows is sent. Empty for one that has nothing. */
  readonly seen: Readonly<Record<string, number>>
  /** Hashes of the charts that it has. */
  readonly charts?: readonly string[]
}

/** Everything up to this sequence has come. Who acknowledges nothing is sent no more than 4 MiB ahead. */
export interface AckMessage {
  readonly type: 'ack'
  readonly incarnation: string
  readonly sequence: number
}

/**
 * Asks for the kept checkpoints of a service; answered by `history` with this id, one after another. Where 100 wait already, the answer is a
 * problem with the code `TOO_MANY`.
 */
export interface HistoryRequest {
  readonly type: 'history'
  readonly id: number
  readonly key: string
}

/** Asks something of a running service; answered by `controlled` with this id, when what came of it is durable. 100 may be under way. */
export interface ControlRequestMessage {
  readonly type: 'control'
  readonly id: number
  readonly request: ControlCommand
}

export type ControlCommand =
  | { readonly type: 'send'; readonly key: string; readonly event: Shown; readonly eventKey?: string }
  | { readonly type: 'pause'; readonly key: string; readonly hold?: string; readonly deadlineMs?: number }
  | { readonly type: 'resume'; readonly key: string; readonly hold?: string }
  | { readonly type: 'checkpoint'; readonly key?: string }
  | { readonly type: 'retry'; readonly key: string; readonly lastGood?: boolean }
  /** Brings every service to rest and gives the store back. */
  | { readonly type: 'stop'; readonly deadlineMs?: number }
  /** SIGKILL: the process ends here and now, as in a crash. Answered by nobody. */
  | { readonly type: 'crash' }
  /** SIGKILL when the machine of this service next enters the state, such as `loading` or `loading.first`; without one that is taken back. */
  | { readonly type: 'interruptAt'; readonly key: string; readonly state?: string }

/** Which applications would have shown themselves here and were not let in: after the hello where there are some, and when that changes. */
export interface RefusedGuestsMessage {
  readonly type: 'refused-guests'
  readonly refused: readonly RefusedGuest[]
}

/** One or more over this package that gave no token, or another one than the server has. */
export interface RefusedGuest {
  readonly guest: '@statelyai/inspect' | '@xstate/inspect'
  readonly token: 'none' | 'other'
}
