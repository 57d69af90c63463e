import type { Shown } from '../shown.js'
import type { StoredState } from './state.js'

/** What the store holds: all of it in pages after the hello, and from then on what has changed. */
export interface StoredMessage {
  readonly type: 'stored'
  readonly services: readonly StoredService[]
  /** Keys of which nothing is stored any more. */
  readonly removed: readonly string[]
  /** The last page of a look through the store. */
  readonly complete: boolean
  /** Why the store could not be read, or not all of it. The services are those that could; it is tried again, and what comes without a problem says that it was read. */
  readonly problem?: Problem
  /** The process that has claimed the store last, where somebody else looks at it, or where the store was older as it did. */
  readonly owner?: StoreOwnerShown
  /** With a problem: keys of services that were told, and of which nobody knows now what the store holds. They are told again when they can be read. */
  readonly unread?: readonly string[]
}

/** A process that has claimed the store, and whether it exists still. */
export interface StoreOwnerShown {
  /** Checkpoints of this epoch are its own. */
  readonly epoch: number
  readonly pid: number
  readonly claimedAtMs: number
  readonly exists: boolean
  /** It is the process that tells this, of its own store, and it has claimed that as it started. */
  readonly own?: true
  /** Why the store is older than what was recorded beside it: a greater epoch than this one has committed, or this one more than the store holds. */
  readonly older?: Problem
  /** The services of which that is so; none where it is so of all that was recorded. */
  readonly behind?: readonly string[]
  /** Of one that exists, where the server takes control: `unanswered` where it hangs, `none` where nobody listens at its control socket. */
  readonly requests?: 'taken' | 'unanswered' | 'none'
  /** Where it takes requests, every kill to come: it alone tells it where it does not record. None where this is left out. */
  readonly armed?: readonly { readonly key: string; readonly state: string; readonly by: string }[]
}

/** A service as the store knows it, whether or not it is in memory. Times are ms since 1970. */
export interface StoredService {
  readonly key: string
  readonly definition: string
  readonly version: number
  /** Sequence of the newest checkpoint. */
  readonly checkpoint: number
  readonly epoch: number
  readonly savedAtMs: number
  readonly phase: string
  /** When its next timer is due, while it runs or sleeps. */
  readonly wakeAtMs?: number
  /** The same while it rests: of those alone whose deadlines come all the same. */
  readonly deadlineAtMs?: number
  /** Characters of the checkpoint. */
  readonly size: number
  /** The machine's state, as XState writes it. */
  readonly value?: Shown
  readonly holds?: readonly string[]
  /** Why the checkpoint cannot be read. */
  readonly damage?: Damage
}

/** What is wrong with a checkpoint. */
export interface Damage extends Problem {
  /** Of the newest one: the checkpoint from which a retry can go on that sets this one aside. */
  readonly lastGood?: number
}

/** One checkpoint of a service's history. `record` is what stands in it, with its values as those of a living service are shown. */
export interface StoredCheckpointShown extends StoredService {
  readonly record?: Shown
  /** Of the newest one: how the service stands as it has it. */
  readonly state?: StoredState
}

/** An error as it is told: its code, what went wrong with what to do, and the remedy alone. */
export interface Problem {
  readonly code: string
  readonly message: string
  readonly remedy?: string
}
