import type { AnyStateMachine } from 'xstate'
import type { TimerPolicy } from '../checkpoint/record.js'
import { DefinitionError, type Finding } from '../errors/definition.js'
import type { Interruption } from './interruptions.js'
import type { Migrations } from './migrations.js'
import { preflight } from './preflight.js'
import { checkOptions } from './preflight-options.js'
import { structureHash } from './structure.js'
import { isMachine } from './walk.js'

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
  /** Type of an event `{ type, interruptions, crashed }` that the machine is sent whenever it goes on. */
  readonly resumedEvent?: string
  /** How long tasks may take to reach a step when whoever interrupts says nothing, in ms. Default 10,000. */
  readonly deadlineMs?: number
  /** How many event keys are remembered for deduplication. Default 256. */
  readonly rememberEventKeys?: number
  /** How many events may wait to become durable before `send` is refused. Default 10,000. */
  readonly maxPendingEvents?: number
}

/** A checked service definition: give it to `supervisor.start`. */
export interface ServiceDefinition<TMachine extends AnyStateMachine = AnyStateMachine>
  extends Readonly<Required<Omit<ServiceOptions<TMachine>, 'resumedEvent'>>> {
  readonly resumedEvent: string | undefined
  /** Hash of what checkpoints depend on in the machine. */
  readonly structure: string
  /** What preflight warns of. */
  readonly warnings: readonly Finding[]
}

/**
 * Makes a machine into a service definition, and refuses what could not survive an interruption.
 *
 * @throws {DefinitionError} with every finding at once: its path in the machine, the problem, the remedy
 *
 * @example
 * ```ts
 * export const lamp = defineService({
 *   id: 'lamp',
 *   version: 1,
 *   machine: createMachine({
 *     initial: 'off',
 *     states: { off: { on: { PRESS: 'on' } }, on: { after: { 60_000: 'off' } } },
 *   }),
 *   timers: 'deadline',
 * })
 * ```
 */
export function defineService<TMachine extends AnyStateMachine>(
  options: ServiceOptions<TMachine>,
): ServiceDefinition<TMachine> {
  const ofOptions = checkOptions(options)
  const findings = isMachine(options.machine) ? [...ofOptions, ...preflight(options.machine)] : ofOptions
  const errors = findings.filter(({ level }) => level === 'error')
  if (errors.length > 0) throw new DefinitionError(errors, { service: options.id })
  return {
    pauseOn: [],
    timers: 'deadline',
    migrations: {},
    classes: {},
    allow: [],
    deadlineMs: 10_000,
    rememberEventKeys: 256,
    maxPendingEvents: 10_000,
    resumedEvent: undefined,
    ...given(options),
    structure: structureHash(options.machine),
    warnings: findings.filter(({ level }) => level === 'warning'),
  }
}

/** What the author said: an option that is undefined was not said, and must not hide its default. */
function given<TOptions extends object>(options: TOptions): TOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as TOptions
}
