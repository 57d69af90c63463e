import type { AnyStateMachine } from 'xstate'
import { DefinitionError, type Finding } from '../errors/definition.js'
import { isObject } from '../errors/option-checks.js'
import type { ServiceOptions } from './options.js'
import { preflight } from './preflight.js'
import { checkOptions } from './preflight-options.js'
import { structureHash } from './structure.js'
import { isMachine } from './walk.js'

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
  const findings = isMachine(options?.machine) ? [...ofOptions, ...preflight(options.machine)] : ofOptions
  const errors = findings.filter(({ level }) => level === 'error')
  if (errors.length > 0) throw new DefinitionError(errors, { service: options?.id })
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
    // Errors have been thrown.
    warnings: findings,
  }
}

/** Whether a value is what `defineService` returns. */
export function isDefinition(value: unknown): value is ServiceDefinition {
  return isObject(value) && 'machine' in value && 'structure' in value
}

/** What the author said: an option that is undefined was not said, and must not hide its default. */
function given<TOptions extends object>(options: TOptions): TOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as TOptions
}
