import { type AnyActorLogic, type AnyStateMachine, type EventObject, fromCallback, fromPromise } from 'xstate'
import { UnverifiableError } from '../../errors/testing.js'
import type { Clock } from '../../ports/clock.js'
import type { ServiceDefinition } from '../../service/definition.js'
import { effectKey } from '../../service/effect-key.js'
import { isMachine } from '../../service/walk.js'
import { isTask } from '../../task/task.js'
import type { OutsideWorld } from './outside.js'

/** How an actor of the author's that works outside behaves while the machine is verified. */
export type Driver =
  /** As written: for logic that does nothing outside. */
  | 'run'
  /** A promise that resolves with this, `afterMs` (0) milliseconds after it was asked for the first time. */
  | { readonly resolves: unknown; readonly afterMs?: number }
  | { readonly rejects: unknown; readonly afterMs?: number }
  /** A callback that sends these when it starts. What it hears is not compared. */
  | { readonly sends: readonly EventObject[] }

/** Drivers by the names of `setup({ actors })`. */
export type Drivers = Readonly<Record<string, Driver>>

/** Most steps of one transition. */
export const MOST_MICROSTEPS = 10_000

/** What stand-ins act upon. */
export interface Stage {
  readonly outside: OutsideWorld
  readonly clock: Clock
}

/** A definition that reaches nothing outside but its stage. One world at a time has it. */
export interface StandIn {
  readonly definition: ServiceDefinition
  enter(stage: Stage): void
}

/**
 * The definition with everything that reaches outside replaced: named actions are noted and not run, named actors are
 * driven. Machines inside it likewise.
 * @throws {UnverifiableError} an actor works outside and has no driver
 */
export function standIn(definition: ServiceDefinition, drivers: Drivers): StandIn {
  let stage: Stage | undefined
  const machine = standInMachine(definition, definition.machine, drivers, () => {
    if (stage === undefined) throw new Error('a stand-in acts before its world has begun')
    return stage
  })
  return {
    definition: { ...definition, machine },
    enter(on) {
      stage = on
    },
  }
}

function standInMachine(
  definition: ServiceDefinition,
  machine: AnyStateMachine,
  drivers: Drivers,
  stage: () => Stage,
): AnyStateMachine {
  const { actions, actors } = machine.implementations
  const noted = Object.entries(actions).flatMap(([name, action]) =>
    // XState's own (assign, raise, emit …) carry what resolves them.
    typeof action === 'function' && !('resolve' in action) ? [[name, noting(name, stage)] as const] : [],
  )
  const driven = Object.entries(actors).map(([name, logic]) => {
    // A logic comes alone or with its input.
    const own = (typeof logic === 'object' && 'src' in logic ? logic.src : logic) as AnyActorLogic
    return [name, standInActor(definition, name, own, drivers, stage)] as const
  })
  const standing = machine.provide({
    actions: Object.fromEntries(noted),
    actors: Object.fromEntries(driven),
  }) as AnyStateMachine
  const { maxIterations } = standing.options
  // By itself XState would go on for ever.
  if (!Number.isFinite(maxIterations))
    standing.options = { ...standing.options, maxIterations: MOST_MICROSTEPS }
  return standing
}

function noting(name: string, stage: () => Stage) {
  return ({ event }: { readonly event: EventObject }, params: unknown) => {
    const told = params === undefined ? '' : ` ${JSON.stringify(params)}`
    stage().outside.did({ key: effectKey(), name, what: `${name} on ${event.type}${told}` })
  }
}

/** Whether a logic runs as it is: a transition function, or a task, which goes on from its steps by itself. */
function runsAsItIs(logic: AnyActorLogic): boolean {
  return logic.start === undefined || isTask(logic)
}

function standInActor(
  definition: ServiceDefinition,
  name: string,
  logic: AnyActorLogic,
  drivers: Drivers,
  stage: () => Stage,
): AnyActorLogic {
  if (isMachine(logic)) return standInMachine(definition, logic, drivers, stage)
  const driver = drivers[name]
  if (driver === 'run' || (driver === undefined && runsAsItIs(logic))) return logic
  if (driver === undefined) {
    throw new UnverifiableError(
      `The actor “${name}”`,
      'it works outside, and the kit does not know what comes back',
      `Say it: actors: { ${name}: { resolves: … } }, or 'run' where it does nothing outside.`,
      { service: definition.id },
    )
  }
  if ('sends' in driver) return sending(driver.sends)
  return answering(name, driver, stage)
}

function answering(name: string, driver: Exclude<Driver, 'run' | { sends: unknown }>, stage: () => Stage) {
  return fromPromise(async ({ input }) => {
    const { outside, clock } = stage()
    const key = effectKey()
    const asked = outside.did({ key, name, what: `${name} asked with ${JSON.stringify(input)}` })
    // Its process has died before it could ask.
    if (!asked) return new Promise<never>(() => {})
    const waitMs = outside.answersAtMs(key, clock.now(), driver.afterMs ?? 0) - clock.now()
    if (waitMs > 0) await new Promise<void>((resolve) => clock.setTimer(resolve, waitMs))
    if ('rejects' in driver) throw driver.rejects
    return driver.resolves
  })
}

/** What a callback hears is not noted: one that ends in the very turn in which it is told is not told again after a crash. */
function sending(events: readonly EventObject[]) {
  return fromCallback(({ sendBack }) => {
    for (const event of events) sendBack(event)
  })
}
