import type { Phase } from '../ports/store.js'

/** Ids from the root (which has the empty path) down to an actor. */
export type ActorPath = readonly string[]

/** How a timer lives through an interruption. */
export type TimerPolicy = 'deadline' | 'remaining' | 'restart'

/** One actor of the tree: its persisted snapshot and its children, in order. */
export interface ActorRecord {
  readonly id: string
  /** Name of its logic in the parent's `setup({ actors })`; empty for the root. */
  readonly src: string
  readonly systemId?: string
  readonly syncSnapshot?: boolean
  /** Key of its outside work (a promise, callback, observable or task), the same at every run. */
  readonly workKey?: string
  /** Machines: `status, value, context, historyValue, nodes, output, error`. Others: what their logic persists. */
  readonly snapshot: Readonly<Record<string, unknown>>
  /** Left out where there are none. */
  readonly children?: readonly ActorRecord[]
}

/** An event that will be delivered later. Times are milliseconds since 1970, the rest milliseconds. */
export interface TimerRecord {
  readonly source: ActorPath
  readonly target: ActorPath
  readonly id: string
  readonly event: { readonly type: string }
  readonly delayMs: number
  readonly dueAtMs: number
  /** What was left of the delay when the checkpoint was taken. */
  readonly remainingMs: number
  readonly policy: TimerPolicy
}

/** An event accepted and not yet applied. */
export interface InboxEntry {
  readonly event: { readonly type: string }
  /** When it was accepted: timers due before come before it. */
  readonly atMs: number
  readonly key?: string
}

/** An effect decided and not yet known to be done. */
export interface OutboxEntry {
  /** Service, key, incarnation, sequence and index: the same when it runs again. */
  readonly key: string
  readonly kind: 'action' | 'emit' | 'log' | 'deliver'
  readonly actor: ActorPath
  /** Of an actor that had ended: the names of the logics that lead to its own, from the root's `setup({ actors })`. */
  readonly logic?: readonly string[]
  /** The action's type, or the event's. */
  readonly type: string
  readonly params?: unknown
  readonly event: { readonly type: string }
  /** The context that the action saw, where it is not the actor's context of the snapshot. */
  readonly context?: unknown
}

/** Why a service failed, as data. */
export interface FailureRecord {
  readonly name: string
  readonly message: string
  readonly atMs: number
  /** Place in the inbox of the event at which it failed. */
  readonly inboxAt?: number
}

/** The actor tree and what it owes: everything that changes with a turn. */
export interface TreeRecord {
  readonly root: ActorRecord
  readonly timers: readonly TimerRecord[]
  readonly outbox: readonly OutboxEntry[]
}

/** The durable record from which a service goes on. */
export interface CheckpointRecord extends TreeRecord {
  readonly format: 1
  readonly service: string
  readonly key: string
  readonly version: number
  readonly machine: string
  /** Hash of what a checkpoint depends on in the machine: states, invocations, delays. */
  readonly structure: string
  /** Tells this history of sequences from others under the same key, before a removal or a step back. */
  readonly incarnation: string
  readonly sequence: number
  readonly epoch: number
  readonly savedAtMs: number
  readonly phase: Phase
  /** Holds that outlive the process. */
  readonly holds: readonly string[]
  readonly inbox: readonly InboxEntry[]
  /** Keys of the events applied or accepted last, oldest first. */
  readonly eventKeys: readonly string[]
  readonly failure?: FailureRecord
}
