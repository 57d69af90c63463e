import type { Shown } from '../shown.js'
import type { Change } from './change.js'
import type { Microstep } from './microstep.js'
import type { ActorState, EffectState, TimerState } from './state.js'

export type { GuardOutcome, Microstep, TakenTransition } from './microstep.js'

/** Ids from the machine (which has the empty path) down to an actor. */
export type Path = readonly string[]

/** What an entry is of and when: sequences count 1, 2, 3 … within an incarnation, times are ms since 1970. */
interface OfEntry {
  readonly sequence: number
  readonly atMs: number
  /** Key of the service. */
  readonly key: string
}

/** Something that happened in a service. */
export type Entry = OfEntry & Happening

export type Happening =
  | ServiceHappening
  | LifecycleHappening
  | HoldHappening
  | RevivedHappening
  | AsleepHappening
  | RestsHappening
  | ActorHappening
  | ActorEndedHappening
  | EventHappening
  | StepHappening
  | EffectHappening
  | TimerHappening
  | InboxHappening
  | CommitHappening
  | ArmedHappening
  | RemovedHappening
  | ProblemHappening

/** A service came into this process: whatever was known of it here is over. */
export interface ServiceHappening {
  readonly kind: 'service'
  readonly definition: string
  readonly version: number
  /** Hash of the chart of its machine; `lifecycleChart`: of the machine around it. */
  readonly chart: string
  readonly lifecycleChart: string
}

/** The lifecycle went on. */
export interface LifecycleHappening {
  readonly kind: 'lifecycle'
  /** Its state, such as `running` or `paused`. */
  readonly state: string
  /** Type of the event that led there. */
  readonly event: string
  readonly failure?: Shown
}

/** A hold was set or released, by `program`, a host's name, or `supervisor`. */
export interface HoldHappening {
  readonly kind: 'hold'
  readonly change: 'set' | 'released'
  readonly hold: string
  readonly by: string
  /**
   * For whom the program has done it: a `page` of the process itself, whoever reached its control `socket`, or another `tab` of the browser;
   * `checkpoint` where the hold was in force before this life, and in what a checkpoint holds `unrecorded`. Left out where the program did it by itself.
   */
  readonly asker?: string
}

/** The service came in: for the first time, from a checkpoint, or out of sleep. Its actors follow. */
export interface RevivedHappening {
  readonly kind: 'revived'
  /** A first life: there was no checkpoint. */
  readonly fresh: boolean
  /** It had only been out of memory. */
  readonly slept: boolean
  /** Sequence of the checkpoint that it goes on from; 0 for a first life. */
  readonly checkpoint: number
}

/** It is out of memory and sleeps; an event or a timer wakes it. */
export interface AsleepHappening {
  readonly kind: 'asleep'
  readonly wakeAtMs?: number
}

/**
 * A service that has failed rests in its newest checkpoint: what came after that is gone, and with a retry it goes on with these actors,
 * timers and effects. What is in its inbox was told before.
 */
export interface RestsHappening {
  readonly kind: 'rests'
  /** Sequence of the checkpoint. */
  readonly checkpoint: number
  readonly actors: readonly ActorState[]
  readonly timers: readonly TimerState[]
  readonly outbox: readonly EffectState[]
}

/** An actor of the machine's tree is there: the machine itself, or what was invoked or spawned. */
export interface ActorHappening {
  readonly kind: 'actor'
  readonly actor: Path
  /** Name of its logic; empty for the machine itself. */
  readonly logic: string
  /** Of an actor that is a machine. */
  readonly chart?: string
  readonly snapshot: Shown
}

/** It is not there any more: it ended or was stopped. */
export interface ActorEndedHappening {
  readonly kind: 'ended'
  readonly actor: Path
}

/** An event reached an actor. */
export interface EventHappening {
  readonly kind: 'event'
  readonly to: Path
  /** The actor that sent it; undefined for what came from outside of the tree. */
  readonly from?: Path
  readonly event: Shown
}

/**
 * What an actor made of an event: the microsteps of the macrostep, and how its snapshot changed. An event that an actor has ignored
 * has none.
 */
export interface StepHappening {
  readonly kind: 'step'
  readonly actor: Path
  /** Type of the event. */
  readonly event: string
  /** Of a machine. None where no transition took the event. */
  readonly microsteps?: readonly Microstep[]
  readonly changes: readonly Change[]
}

/** What becomes of something that reaches outside. */
export interface EffectHappening {
  readonly kind: 'effect'
  /** Number of the effect within this incarnation. */
  readonly effect: number
  /**
   * `waiting` for the commit that contains it; `released`: it runs; `done`; `failed`; `again`: an earlier life owed it, and it runs
   * under its old key; `dropped`: its actor ended before it began.
   */
  readonly change: 'waiting' | 'released' | 'done' | 'failed' | 'again' | 'dropped'
  /** With `waiting` and `again`: the rest of it. */
  readonly what?: EffectShown
  /** From the capture on: its key, which stays the same when it runs again. */
  readonly effectKey?: string
  /** With `failed`. */
  readonly error?: Shown
}

/** An effect: an action, an emitted event, a log line, an event to a callback, or the beginning or end of outside work. */
export interface EffectShown {
  readonly effectKind: 'action' | 'emit' | 'log' | 'deliver' | 'start' | 'dispose'
  readonly actor: Path
  /** The action's type, or the event's. */
  readonly name: string
  readonly params?: Shown
}

/** A delayed event. */
export interface TimerHappening {
  readonly kind: 'timer'
  /** `kept`: it was set in an earlier life, and is due as its policy says. */
  readonly change: 'set' | 'kept' | 'fired' | 'cancelled'
  /** Who set it; with the id it names the timer. */
  readonly actor: Path
  readonly id: string
  /** With `set` and `kept`: the rest of it. */
  readonly what?: TimerShown
}

export interface TimerShown {
  readonly target: Path
  readonly event: Shown
  readonly delayMs: number
  readonly dueAtMs: number
  readonly policy: string
  /** What was left of it, where a checkpoint tells of it. */
  readonly remainingMs?: number
}

/**
 * An event came into the inbox of a service that does not run, or the machine was given it from there. A service that fails
 * begins its inbox anew with what is `kept`.
 */
export interface InboxHappening {
  readonly kind: 'inbox'
  /**
   * `kept`: it was in the checkpoint. First in, first out: `applied` is of the one that waits longest, and so is `refused`, which is
   * told to who waits for it.
   */
  readonly change: 'accepted' | 'kept' | 'applied' | 'refused'
  readonly event: Shown
  readonly eventKey?: string
}

/** A checkpoint came to the store, or did not. */
export interface CommitHappening {
  readonly kind: 'commit'
  readonly ok: boolean
  /** Sequence of the checkpoint. */
  readonly checkpoint: number
  readonly epoch: number
  readonly phase: string
  /** Characters of the checkpoint. */
  readonly size: number
  /** From the capture to the store's answer. */
  readonly durationMs: number
  /** Sequence of the last entry before the capture: what came later is not in the checkpoint. */
  readonly upTo: number
  /** Where it is not ok. */
  readonly error?: Shown
}

/** The process is to be killed when the machine of this service next enters a state, or is no more: without one that was taken back. */
export interface ArmedHappening {
  readonly kind: 'armed'
  readonly state?: string
  /** Who has asked: a `page` of the process itself, whoever reached its control `socket`, or another `tab` of the browser. */
  readonly by: string
}

/** All that was stored of the service was deleted: what is started under its key next begins anew. */
export interface RemovedHappening {
  readonly kind: 'removed'
}

/** Something that a guest has sent could not be taken. */
export interface ProblemHappening {
  readonly kind: 'problem'
  readonly problem: string
}
