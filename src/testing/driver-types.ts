import type {
  AnyStateMachine,
  EventObject,
  OutputFrom,
  SnapshotFrom,
  StateMachine,
  UnknownActorLogic,
} from 'xstate'
import type { Answers, Driver, Drivers } from './world/drivers.js'
import type { EffectOracle, EffectOracles } from './world/oracles.js'

/** What a machine names, as XState's type of it knows. */
interface Named {
  readonly actor: { readonly src: string; readonly logic: UnknownActorLogic }
  readonly effect: string
  readonly event: EventObject
}

/** The same of one machine alone. */
type OwnNames<TMachine> =
  TMachine extends StateMachine<
    infer _Context,
    infer TEvent,
    infer _Children,
    infer TActor,
    infer TAction,
    infer _Guard,
    infer _Delay,
    infer _Value,
    infer _Tag,
    infer _Input,
    infer _Output,
    infer TEmitted,
    infer _Meta,
    infer _Schema
  >
    ? { actor: TActor; effect: TAction['type'] | TEmitted['type'] | TActor['src']; event: TEvent }
    : never

/** Machines that another invokes or spawns by name. */
type Inner<TActor> = TActor extends { readonly logic: infer TLogic }
  ? TLogic extends AnyStateMachine
    ? TLogic
    : never
  : never

/** What a machine and those inside it name. Machines of whose actors nothing is known have none inside. */
type NamesIn<TMachine> =
  | OwnNames<TMachine>
  | (string extends OwnNames<TMachine>['actor']['src']
      ? never
      : Inner<OwnNames<TMachine>['actor']> extends infer TInner
        ? TInner extends AnyStateMachine
          ? NamesIn<TInner>
          : never
        : never)

type LogicNamed<TNames extends Named, TName> = Extract<TNames['actor'], { readonly src: TName }>['logic']

/** An answer that has the type of what is asked. One that always throws may come to anything. */
type AnswerOf<TOutput> = (
  | { readonly resolves: [TOutput] extends [never] ? unknown : TOutput; readonly rejects?: never }
  | { readonly rejects: unknown; readonly resolves?: never }
) & { readonly afterMs?: number }

/** The same of a task, with progress as its snapshot has it. */
type TaskAnswerOf<TOutput, TSnapshot = unknown> = AnswerOf<TOutput> & {
  readonly progress?: readonly (TSnapshot extends { readonly progress: infer TProgress }
    ? Exclude<TProgress, undefined>
    : unknown)[]
}

type OneOrMore<TAnswer> = TAnswer | readonly TAnswer[]
type Steps = { readonly steps: Readonly<Record<string, Answers>> }
type Sends<TEvent> = { readonly sends: readonly TEvent[] }
type Emits = Extract<Driver, { readonly emits: unknown }>

type IsAny<T> = 0 extends 1 & T ? true : false

/**
 * What an actor of that logic may be driven by, in a machine of these events: what its snapshot has tells which kind it is. Those of
 * observables are alike, whether they show values or send events, and so are those of callbacks and of promises of nothing.
 */
type FormOf<TSnapshot, TOutput, TEvent extends EventObject> =
  IsAny<TSnapshot> extends true
    ? OneOrMore<TaskAnswerOf<TOutput>> | Steps | Sends<TEvent> | Emits
    : [TSnapshot] extends [{ readonly steps: unknown }]
      ? OneOrMore<TaskAnswerOf<TOutput, TSnapshot>> | Steps
      : [TSnapshot] extends [{ readonly _subscription: unknown }]
        ? Sends<TEvent> | Emits
        : [TSnapshot] extends [{ readonly input: unknown }]
          ? OneOrMore<AnswerOf<TOutput>> | ([TOutput] extends [undefined] ? Sends<TEvent> : never)
          : OneOrMore<TaskAnswerOf<TOutput>> | Steps | Sends<TEvent> | Emits

type DriverOf<TLogic extends UnknownActorLogic, TEvent extends EventObject> =
  | 'run'
  | FormOf<SnapshotFrom<TLogic>, OutputFrom<TLogic>, TEvent>

type DriversOf<TNames extends Named> = string extends TNames['actor']['src']
  ? Drivers
  : {
      readonly [TName in TNames['actor']['src']]?: DriverOf<LogicNamed<TNames, TName>, TNames['event']>
    }

/** Drivers by the names of the actors of a machine and of those inside it, where their types are known. */
export type DriversFor<TMachine extends AnyStateMachine> = DriversOf<NamesIn<TMachine>>

/** Whether an actor is a task, whose steps have names that no type knows. */
type HasTask<TNames extends Named> = TNames['actor'] extends infer TActor
  ? TActor extends { readonly logic: infer TLogic extends UnknownActorLogic }
    ? SnapshotFrom<TLogic> extends { readonly steps: unknown }
      ? true
      : never
    : never
  : never

type OraclesOf<TNames extends Named> = string extends TNames['effect']
  ? EffectOracles
  : [HasTask<TNames>] extends [never]
    ? { readonly [TName in TNames['effect']]?: EffectOracle }
    : EffectOracles

/** Oracles by the names of actions, actors and emitted events, where all of them are known to the types. */
export type OraclesFor<TMachine extends AnyStateMachine> = OraclesOf<NamesIn<TMachine>>
