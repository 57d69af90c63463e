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
) & { readonly afterMs?: number; readonly progress?: readonly unknown[] }

/** How an actor of that output behaves, in a machine of these events. */
type DriverOf<TOutput, TEvent extends EventObject> =
  | 'run'
  | AnswerOf<TOutput>
  | readonly AnswerOf<TOutput>[]
  | { readonly steps: Readonly<Record<string, Answers>> }
  | { readonly sends: readonly TEvent[] }
  | Extract<Driver, { readonly emits: unknown }>

type DriversOf<TNames extends Named> = string extends TNames['actor']['src']
  ? Drivers
  : {
      readonly [TName in TNames['actor']['src']]?: DriverOf<
        OutputFrom<LogicNamed<TNames, TName>>,
        TNames['event']
      >
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
