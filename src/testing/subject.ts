import type { AnyStateMachine } from 'xstate'
import { UnverifiableError } from '../errors/testing.js'
import { defineService, type ServiceDefinition } from '../service/definition.js'
import { isMachine } from '../service/walk.js'
import { checkEarlier } from './check-earlier.js'
import { checkNames } from './check-names.js'
import type { SubjectOptions } from './options.js'
import { INTERRUPTION_KINDS, type InterruptionKind } from './plans/steps.js'
import { type Drivers, takeTime } from './world/drivers.js'
import { noEarlier } from './world/no-earlier.js'
import { standIn } from './world/stand-ins.js'
import type { WorldOptions } from './world/world.js'

/** A machine, or a definition with its version, timers and classes. */
export type Verified<TMachine extends AnyStateMachine> = TMachine | ServiceDefinition<TMachine>

/** Where a service or a machine is exported, so that other processes find it too. */
export interface ServiceModule {
  /** A path from the working folder, a file's address (`new URL('./order.js', import.meta.url)`), or a package. */
  readonly module: string | URL
  /** Its name there. Default: the default export, else the only service. */
  readonly export?: string | undefined
  /** The name there of options for it, over which come those that are given. Default: none. */
  readonly options?: string | undefined
}

/** Whether it is said where the service is, and not what it is. */
export function isInModule(verified: object): verified is ServiceModule {
  return 'module' in verified && !isMachine(verified) && !('machine' in verified)
}

/** What worlds are made of for this service. */
export function worldOf<TMachine extends AnyStateMachine>(
  verified: Verified<TMachine>,
  options: SubjectOptions<TMachine>,
): WorldOptions {
  // Options of one machine are options of any.
  const { input, actors = {}, effects, normalize, earlier } = options as SubjectOptions
  const definition = isMachine(verified)
    ? defineService({ id: verified.id, version: 1, machine: verified })
    : // A definition of one machine is one of any.
      (verified as ServiceDefinition)
  // A definition of one machine is a definition of any.
  checkEarlier(definition as ServiceDefinition, earlier)
  checkNames(definition as ServiceDefinition, options as SubjectOptions)
  return {
    // A definition of one machine is a definition of any.
    standIn: standIn(definition as ServiceDefinition, actors),
    earlier: earlier === undefined ? undefined : standIn(earlier, actors),
    input,
    effects,
    // Called with this machine's own snapshots.
    invariants: options.invariants as WorldOptions['invariants'],
    normalize,
  }
}

/** Kinds of which a process of its own shows more than a simulated one; what stores and clocks do, the others show. */
const ISOLATED_KINDS: readonly InterruptionKind[] = [
  'kill',
  'stop',
  'crash',
  'sleep',
  'pause',
  'pauseAndSend',
  'checkpoint',
]

/**
 * The kinds that are tried. Time that passes unseen is compared where not two things that are due then could come in another
 * order: exhaustive plans stop short of what is due.
 * @throws {UnverifiableError} a new version is to come, and the earlier one was not given
 */
export function kindsFor(
  definition: ServiceDefinition,
  given: readonly InterruptionKind[] | undefined,
  {
    actors = {},
    earlier,
    mode,
    isolate,
  }: {
    readonly actors?: Drivers
    readonly earlier?: ServiceDefinition
    readonly mode?: string
    readonly isolate?: 'process'
  },
): readonly InterruptionKind[] {
  if (given?.includes('upgrade') && earlier === undefined) throw noEarlier(definition.id)
  const simulated = isolate === undefined ? undefined : given?.find((kind) => !ISOLATED_KINDS.includes(kind))
  if (simulated !== undefined) {
    throw new UnverifiableError(
      `The interruption \`${simulated}\``,
      'it is simulated, and these processes are real',
      `Choose of: ${ISOLATED_KINDS.join(', ')}; or leave out \`isolate\`.`,
      { service: definition.id },
    )
  }
  if (given !== undefined) return given
  if (isolate !== undefined) return ISOLATED_KINDS
  const inOrder = mode === 'exhaustive' || !takeTime(actors)
  return INTERRUPTION_KINDS.filter((kind) => {
    if (kind === 'upgrade') return earlier !== undefined
    return kind !== 'frozen' || inOrder
  })
}
