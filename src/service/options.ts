import type { AnyStateMachine } from 'xstate'
import type { TimerPolicy } from '../checkpoint/record.js'
import type { Interruption } from './interruptions.js'
import type { Migrations } from './migrations.js'

/** A class whose instances may stand in context, events and results. */
export type StoredClass = new (...args: never[]) => object

/** What the author says of a service. */
export interface ServiceOptions<TMachine extends AnyStateMachine> {
  /** Name of this kind of service, stored in every checkpoint. Never change it. */
  readonly id: string
  /** 1, 2, 3 …; raise it when states, invocations, delays or the context's shape change. */
  readonly version: number
  /** Any XState 5 machine: the work itself. */
  readonly machine: TMachine
  /** Interruptions that pause it; `shutdown` and `frozen` always do. Default: none. */
  readonly pauseOn?: readonly Interruption[]
  /**
   * How timers live through an interruption: for all, or by name of the delay (of `after`) or id (of a
   * delayed `raise` or `sendTo`), with `default` for the rest. Default: `'deadline'`.
   */
  readonly timers?: TimerPolicy | { readonly [delay: string]: TimerPolicy }
  /** From version → a function that brings a snapshot to the next version. */
  readonly migrations?: Migrations
  /** Classes that checkpoints keep as such, by a name that never changes. */
  readonly classes?: Readonly<Record<string, StoredClass>>
  /** Types that are refused unless asked for, since a hostile checkpoint could misuse them. */
  readonly allow?: readonly ('regexp' | 'url')[]
  /**
   * Type of an event `{ type, interruptions, crashed }` that the machine is sent whenever it goes on: `interruptions`
   * are the names of what has held it since it last ran, as far as this process and the checkpoint know; `crashed` says
   * that it had not come to rest. One that was only out of memory hears nothing.
   */
  readonly resumedEvent?: string
  /** How long tasks may take to reach a step when whoever interrupts says nothing, in ms. Default 10,000. */
  readonly deadlineMs?: number
  /** How many event keys are remembered for deduplication. Default 256. */
  readonly rememberEventKeys?: number
  /** How many events may wait to become durable before `send` is refused. Default 10,000. */
  readonly maxPendingEvents?: number
}
