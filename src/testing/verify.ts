import type { Arbitrary } from 'fast-check'
import type { AnyStateMachine, EventFromLogic, EventObject, InputFrom } from 'xstate'
import { InterruptionBugError } from '../errors/testing.js'
import { defineService, type ServiceDefinition } from '../service/definition.js'
import { isMachine } from '../service/walk.js'
import { loadFastCheck } from './fast-check.js'
import { eventsOf, plans } from './generate.js'
import { type Difference, difference } from './run.js'
import { type Drivers, standIn } from './stand-ins.js'
import { INTERRUPTION_KINDS, type InterruptionKind, type Step, stepInWords } from './steps.js'
import { stepsOf, tokenOf } from './token.js'
import type { WorldOptions } from './world.js'

/** What is verified, and how. */
export interface VerifyOptions<TMachine extends AnyStateMachine = AnyStateMachine> {
  /** The machine's input. */
  readonly input?: InputFrom<TMachine>
  /** Events to send: as they are, or fast-check's arbitraries of them. Default: every event that the machine names, without data. */
  readonly events?: readonly (EventFromLogic<TMachine> | Arbitrary<EventFromLogic<TMachine>>)[]
  /** How actors that work outside behave, by their names in `setup({ actors })`. */
  readonly actors?: Drivers
  /** Which interruptions are tried. Default: all that this definition's timers allow to compare. */
  readonly kinds?: readonly InterruptionKind[]
  /** How many plans. Default 100. */
  readonly runs?: number
  /** Most steps in a plan. Default 12. */
  readonly mostSteps?: number
  /** Longest time that passes in one step, in ms. Default 100. */
  readonly longestMs?: number
  /** Repeats the plans of an earlier run, which printed it. Default: by chance. */
  readonly seed?: number
}

/** What was verified. */
export interface VerifyReport {
  /** Repeats the same plans. */
  readonly seed: number
  /** How many plans were run. */
  readonly runs: number
  /** How many steps of them were compared. */
  readonly steps: number
  /** How often each kind of interruption happened. */
  readonly kinds: Readonly<Partial<Record<InterruptionKind, number>>>
}

/**
 * Tries a service under random interruptions, each plan against an uninterrupted twin: what can be seen of it (state,
 * context with the identity of shared objects, children, timers, inbox, effects by key and order) must be the same after every step.
 *
 * It needs the package `fast-check`. Named actions are noted and not run; actors that work outside need a driver;
 * tasks run as they are.
 *
 * @param verified a machine, or a definition with its version, timers and classes
 * @throws {InterruptionBugError} an interruption changed something: with the shortest plan found, what differed, and a token for `replay`
 * @throws {FlakyMachineError} the service differs from itself without any interruption
 * @throws {UnverifiableError} an actor has no driver, there is no event, or the machine never comes to rest
 * @throws {MissingDriverError} fast-check is not installed
 *
 * @example
 * ```ts
 * test('survives every interruption', () => verifyInterruptions(orders, { actors: { charge: { resolves: 'paid' } } }))
 * ```
 */
export async function verifyInterruptions<TMachine extends AnyStateMachine>(
  verified: TMachine | ServiceDefinition<TMachine>,
  options: VerifyOptions<TMachine> = {},
): Promise<VerifyReport> {
  const fc = await loadFastCheck()
  const world = worldOf(verified, options)
  const { definition } = world.standIn
  // Events of one machine are events of any; the arbitraries too.
  const events = (options.events ?? eventsOf(definition.machine)) as readonly EventObject[]
  const most = { steps: options.mostSteps ?? 12, ms: options.longestMs ?? 100 }
  const happened: Partial<Record<InterruptionKind, number>> = {}
  let compared = 0
  /** What the kit throws tells of a machine that it cannot verify. */
  let unverifiable: unknown
  const property = fc.asyncProperty(
    plans(fc, definition.id, events, kindsOf(definition, options), most),
    async (steps) => {
      compared += steps.length
      for (const { do: kind } of steps) {
        if (kind !== 'send' && kind !== 'advance') happened[kind] = (happened[kind] ?? 0) + 1
      }
      try {
        return (await difference(world, steps)) === undefined
      } catch (error) {
        unverifiable = error
        throw error
      }
    },
  )
  const parameters = {
    numRuns: options.runs ?? 100,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  }
  const { failed, counterexample, seed, numRuns } = await fc.check(property, parameters)
  if (unverifiable !== undefined) throw unverifiable
  if (failed && counterexample !== null) throw await bug(world, counterexample[0], seed)
  return { seed, runs: numRuns, steps: compared, kinds: happened }
}

/**
 * Runs the plan of a token again.
 * @throws as `verifyInterruptions`, and {ForeignTokenError} the token is of another version or service
 *
 * @example
 * ```ts
 * await replay(orders, 'tardigrade-plan-1.eyJzZX…')
 * ```
 */
export async function replay<TMachine extends AnyStateMachine>(
  verified: TMachine | ServiceDefinition<TMachine>,
  token: string,
  options: Pick<VerifyOptions<TMachine>, 'input' | 'actors'> = {},
): Promise<void> {
  const world = worldOf(verified, options)
  const steps = stepsOf(world.standIn.definition.id, token)
  const found = await difference(world, steps)
  if (found !== undefined) throw bugError(world, steps, found, undefined)
}

function worldOf<TMachine extends AnyStateMachine>(
  verified: TMachine | ServiceDefinition<TMachine>,
  { input, actors = {} }: Pick<VerifyOptions<TMachine>, 'input' | 'actors'>,
): WorldOptions {
  const definition = isMachine(verified)
    ? defineService({ id: verified.id, version: 1, machine: verified })
    : (verified as ServiceDefinition)
  return { standIn: standIn(definition as ServiceDefinition, actors), input }
}

/** A clock that jumps while a service is held is compared where every timer follows the clock and nothing outside takes time. */
function kindsOf(
  definition: ServiceDefinition,
  { kinds, actors = {} }: Pick<VerifyOptions, 'kinds' | 'actors'>,
): readonly InterruptionKind[] {
  if (kinds !== undefined) return kinds
  const takesTime = Object.values(actors).some((driver) => typeof driver === 'object' && 'afterMs' in driver)
  if (definition.timers === 'deadline' && !takesTime) return INTERRUPTION_KINDS
  return INTERRUPTION_KINDS.filter((kind) => kind !== 'frozen')
}

async function bug(world: WorldOptions, steps: readonly Step[], seed: number): Promise<Error> {
  const found = await difference(world, steps)
  if (found !== undefined) return bugError(world, steps, found, seed)
  return new Error('a plan differed once and then no more, though its world is simulated')
}

function bugError(
  world: WorldOptions,
  steps: readonly Step[],
  found: Difference,
  seed: number | undefined,
): Error {
  const service = world.standIn.definition.id
  const shown = steps.slice(0, found.step)
  const token = tokenOf(service, shown)
  const told = [
    `An interruption changed what ${service} does.`,
    ...shown.map((step, index) => `  ${index + 1}. ${stepInWords(step)}`),
    `After that, ${found.told}.`,
    `Token: ${token}${seed === undefined ? '' : `\nSeed: ${seed}`}`,
  ].join('\n')
  return new InterruptionBugError(shown, found.told, token, told, { service })
}
