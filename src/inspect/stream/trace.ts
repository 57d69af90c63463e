import type { ServerMessage } from './message.js'

/** A recorded stream as a file, which the page opens: what a server has sent, in its order. */
export interface Trace {
  readonly tardigradeTrace: 1
  readonly messages: readonly TraceMessage[]
}

export type TraceMessage = ServerMessage | CounterexampleMessage | MissingMessage

/**
 * Of a service, so many entries are missing there, whatever made them so. Who saves a trace tells it, and the page itself of what has come
 * in another shape than its kind has.
 */
export interface MissingMessage {
  readonly type: 'missing'
  readonly incarnation: string
  /** The last of them. */
  readonly sequence: number
  readonly key: string
  readonly missing: number
  /** They came in another shape, or how it stood did. */
  readonly of?: 'entry' | 'base'
}

/**
 * What `verifyInterruptions` has found, beside the entries of the two services that it is about: no server sends it.
 * Moments are named `incarnation:sequence`.
 */
export interface CounterexampleMessage {
  readonly type: 'counterexample'
  /** Id of the service definition. */
  readonly service: string
  /** Replays it. */
  readonly token: string
  /** What differed after the last step, in words; undefined where nothing does any more. */
  readonly difference?: string
  /** Keys of the service that was interrupted and of its twin, which was not. */
  readonly interrupted: string
  readonly twin: string
  /** The beginning, and each step after it. */
  readonly steps: readonly CounterexampleStep[]
}

export interface CounterexampleStep {
  /** In words: what happened to the interrupted one, and to its twin, which may be nothing. */
  readonly told: string
  readonly twinTold?: string
  /** Whether it was interrupted there. */
  readonly interrupts: boolean
  /** The last moment of the step in the history of each. */
  readonly at: string
  readonly twinAt: string
}
