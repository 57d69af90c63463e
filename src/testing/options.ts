import type { Arbitrary } from 'fast-check'
import type { AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate'
import type { ServiceDefinition } from '../service/definition.js'
import type { DriversFor, OraclesFor } from './driver-types.js'
import type { Sequence } from './plans/crash-points.js'
import type { InterruptionKind } from './plans/steps.js'
import type { Held } from './world/invariants.js'
import type { Observation } from './world/observe.js'

/** What a service is like while it is verified, whatever is tried. */
export interface SubjectOptions<TMachine extends AnyStateMachine = AnyStateMachine> {
  /** The machine's input. */
  readonly input?: InputFrom<TMachine>
  /** How actors that work outside behave, by their names in `setup({ actors })`. */
  readonly actors?: DriversFor<TMachine>
  /**
   * What those make of a repetition to whom an action or a request is done, by its name: `exactlyOnce` (the default: they
   * know its key), `idempotent` (the same again changes nothing) or `atMostOnce` (they know no keys).
   */
  readonly effects?: OraclesFor<TMachine>
  /** What must hold after every step, by name. False, or what it throws, says that it does not. */
  readonly invariants?: Readonly<Record<string, (snapshot: SnapshotFrom<TMachine>) => Held>>
  /** What is compared of what was seen, as plain data: leave out, or change, what may differ. Default: all of it. */
  readonly normalize?: (seen: Observation) => unknown
  /** The definition of an earlier version: plans with the interruption `upgrade` begin with it. */
  readonly earlier?: ServiceDefinition
  /**
   * `process`: each life of the service is a process of its own, over a SQLite store of its own, and a kill is a real
   * SIGKILL. It shows what only a new process shows, such as the state of a module; every process takes a good part of a
   * second. The service must come from a module. Default: all are simulated in this process.
   */
  readonly isolate?: 'process'
}

/** What is common to all modes. */
export interface CommonOptions<TMachine extends AnyStateMachine = AnyStateMachine>
  extends SubjectOptions<TMachine> {
  /** Which interruptions are tried. Default: all that this definition's timers allow to compare. */
  readonly kinds?: readonly InterruptionKind[]
  /** A folder that keeps what was found, one file each; its plans are run first. Default: none. */
  readonly corpus?: string
  /**
   * How many threads share the plans. The service must come from a module, and what is no data of its options too. Whatever
   * their number, the same seed gives the same report and the same counterexample. Default: 1, this thread.
   */
  readonly workers?: number
  /** Hears of every plan before it is run; not of those that are run again to check a counterexample and to take steps from it. */
  readonly onPlan?: () => void
}

/** Plans by chance. */
export interface RandomOptions<TMachine extends AnyStateMachine = AnyStateMachine>
  extends CommonOptions<TMachine> {
  readonly mode?: 'random'
  /** Events to send: as they are, or fast-check's arbitraries of them. Default: every event that the machine names, without data. */
  readonly events?: readonly (EventFromLogic<TMachine> | Arbitrary<EventFromLogic<TMachine>>)[]
  /** How many plans. Default 100, and 10 with `isolate`. */
  readonly runs?: number
  /** Most steps in a plan. Default 12, and as many more as the way to a state that lies far has with which a plan begins. */
  readonly mostSteps?: number
  /** Longest time that passes in one step beside the machine's own delays, in ms. Default 100. */
  readonly longestMs?: number
  /** Repeats the plans of an earlier run, which printed it. Default: by chance. */
  readonly seed?: number
}

/** Every reachable state × every kind of interruption × every next event. */
export interface ExhaustiveOptions<TMachine extends AnyStateMachine = AnyStateMachine>
  extends CommonOptions<TMachine> {
  readonly mode: 'exhaustive'
  /** Events to send. Default: every event that the machine names, without data. */
  readonly events?: readonly EventFromLogic<TMachine>[]
  /** Most steps from the beginning to a state. Default: as many as lead to new states. */
  readonly depth?: number
  /**
   * What tells states apart beyond their value and history. Default: all that can be seen of the machine, its context
   * and children included.
   */
  readonly key?: (snapshot: SnapshotFrom<TMachine>) => unknown
  /** More states than these count as no end of them. Default 1,000. */
  readonly mostStates?: number
}

/** Every moment around a commit or an effect of given sequences. */
export interface CrashPointOptions<TMachine extends AnyStateMachine = AnyStateMachine>
  extends Omit<CommonOptions<TMachine>, 'kinds' | 'earlier'> {
  readonly mode: 'crashPoints'
  /** None: all sequences begin with the version that is verified. */
  readonly earlier?: never
  /** What is sent: events, and `{ do: 'advance', ms }` for time that passes, and `{ do: 'retry' }`, which does nothing unless it has failed. */
  readonly sequences: readonly Sequence<EventFromLogic<TMachine>>[]
}

/** What is verified, and how. */
export type VerifyOptions<TMachine extends AnyStateMachine = AnyStateMachine> =
  | RandomOptions<TMachine>
  | ExhaustiveOptions<TMachine>
  | CrashPointOptions<TMachine>

type KeysOf<TOptions> = TOptions extends unknown ? keyof TOptions : never

/** Options of one mode, and none of what says nothing to it. */
type Alone<TOptions> = TOptions & {
  readonly [TName in Exclude<KeysOf<VerifyOptions>, keyof TOptions>]?: never
}

/** The same as `VerifyOptions` where they are given to one verification: options that a module exports may be of several modes. */
export type GivenOptions<TMachine extends AnyStateMachine = AnyStateMachine> =
  | Alone<RandomOptions<TMachine>>
  | Alone<ExhaustiveOptions<TMachine>>
  | Alone<CrashPointOptions<TMachine>>

/** As `supervisor.start` asks for it: `input` must be given exactly when the machine's type of it rules out undefined. */
export type SubjectArguments<TMachine extends AnyStateMachine, TOptions> =
  undefined extends InputFrom<TMachine>
    ? [options?: TOptions]
    : [options: TOptions & { readonly input: InputFrom<TMachine> }]
