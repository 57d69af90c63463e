import type { AnyActorLogic, AnyStateMachine, EventObject } from 'xstate'
import type { Clock } from '../../ports/clock.js'
import type { ServiceDefinition } from '../../service/definition.js'
import { effectKey } from '../../service/effect-key.js'
import { isMachine } from '../../service/walk.js'
import { isTask } from '../../task/task.js'
import { logicsOf } from '../logics.js'
import { drivenCallback, drivenObservable, drivenPromise, drivenTask } from './driven.js'
import { drivenSteps } from './driven-steps.js'
import type { Drivers } from './drivers.js'
import { MOST_AT_A_TIME } from './endless.js'
import { type Fresh, freshFor } from './fresh.js'
import { type MetName, metStart, metStep } from './met.js'
import { OneTurn } from './one-turn.js'
import type { OutsideWorld } from './outside.js'
import { plainText } from './plain.js'
import { checkSuits } from './suits.js'

/** What stand-ins act upon: the outside, as the process sees it that runs. */
export interface Stage {
  readonly outside: OutsideWorld
  readonly process: { readonly clock: Clock }
  /** Runs something after a turn of the tree. By default that ends with its first promise. */
  readonly afterTurn?: (run: () => void) => void
}

/** The stage as it is when something acts, and what copies all that comes from there. */
export interface OnStage {
  readonly fresh: Fresh
  readonly turn: OneTurn
  stage(): Stage
  /** Hears of an actor that begins. */
  onStart(name: string): void
  /** Hears of a step for which a task asks. */
  onStep(task: string, step: string): void
  /** Hears of a task that has gone on by a time of its own. */
  onOwnTime(name: string): void
}

/** A definition that reaches nothing outside but its stage. One world at a time has it. */
export interface StandIn {
  readonly definition: ServiceDefinition
  /** What processes run of it: the kit itself tells what has interrupted a service. */
  readonly runs: ServiceDefinition
  /** Names of actors that run as written: tasks without a driver or of which some steps have one, and what the author says is to run. */
  readonly asWritten: readonly string[]
  /** Those of them of which nobody sees whether they keep a time of their own: all that are no tasks. */
  readonly unwatched: readonly string[]
  /** Those of which it was seen that they go on by a time of their own. */
  readonly ownTime: ReadonlySet<string>
  /** Names that effects and steps have had so far. */
  readonly met: Set<MetName>
  /** Copies what comes into it. */
  readonly fresh: Fresh
  enter(stage: Stage): void
}

/**
 * The definition with everything that reaches outside replaced: named actions are noted and not run, named actors are
 * driven. Machines inside it likewise.
 * @throws {UnverifiableError} an actor works outside and has no driver, or one of another kind
 */
export function standIn(definition: ServiceDefinition, drivers: Drivers): StandIn {
  let stage: Stage | undefined
  const fresh = freshFor(definition.classes)
  const ownTime = new Set<string>()
  const met = new Set<MetName>()
  const onStage: OnStage = {
    fresh,
    turn: new OneTurn((run) => (stage?.afterTurn ?? queueMicrotask)(run)),
    onStart: (name) => void met.add(metStart(name)),
    onStep: (task, step) => void met.add(metStep(task, step)),
    onOwnTime: (name) => void ownTime.add(name),
    stage() {
      if (stage === undefined) throw new Error('a stand-in acts before its world has begun')
      return stage
    },
  }
  const machine = standInMachine(definition, definition.machine, drivers, onStage)
  const written = asWritten(definition.machine, drivers)
  return {
    definition: { ...definition, machine },
    runs: { ...definition, machine, resumedEvent: undefined },
    asWritten: written.map(({ name }) => name),
    unwatched: written.filter(({ isWatched }) => !isWatched).map(({ name }) => name),
    ownTime,
    met,
    fresh,
    enter(on) {
      stage = on
    },
  }
}

interface AsWritten {
  readonly name: string
  /** Of a task it is seen whether it goes on by a time of its own. */
  readonly isWatched: boolean
}

function asWritten(machine: AnyStateMachine, drivers: Drivers): readonly AsWritten[] {
  return logicsOf(machine).flatMap(([name, logic]) => {
    if (isMachine(logic)) return asWritten(logic, drivers)
    const driver = Object.hasOwn(drivers, name) ? drivers[name] : undefined
    const runs =
      driver === undefined
        ? isTask(logic)
        : driver === 'run' || (typeof driver === 'object' && 'steps' in driver)
    return runs ? [{ name, isWatched: isTask(logic) }] : []
  })
}

function standInMachine(
  definition: ServiceDefinition,
  machine: AnyStateMachine,
  drivers: Drivers,
  onStage: OnStage,
): AnyStateMachine {
  const { actions } = machine.implementations
  const noted = Object.entries(actions).flatMap(([name, action]) =>
    // XState's own (assign, raise, emit …) carry what resolves them.
    typeof action === 'function' && !('resolve' in action) ? [[name, noting(name, onStage)] as const] : [],
  )
  const driven = logicsOf(machine).map(
    ([name, logic]) => [name, standInActor(definition, name, logic, drivers, onStage)] as const,
  )
  // Of whichever machine it is, of which no type is known.
  const standing = machine.provide({
    actions: Object.fromEntries(noted),
    actors: Object.fromEntries(driven),
  }) as AnyStateMachine
  const { maxIterations } = standing.options
  // By itself XState would go on for ever.
  if (!Number.isFinite(maxIterations))
    standing.options = { ...standing.options, maxIterations: MOST_AT_A_TIME }
  onStage.turn.counts(standing)
  return standing
}

function noting(name: string, { stage }: OnStage) {
  return ({ event }: { readonly event: EventObject }, params: unknown) => {
    const told = params === undefined ? '' : ` ${plainText(params)}`
    stage().outside.did({ key: effectKey(), name, what: `${name} on ${event.type}${told}` })
  }
}

/** The logic as written, which tells when it begins. */
function asItIs(name: string, logic: AnyActorLogic, { onStart, stage }: OnStage): AnyActorLogic {
  const { start } = logic
  if (start === undefined) return logic
  return {
    ...logic,
    start(...given) {
      onStart(name)
      stage().outside.started(name)
      start.apply(logic, given)
    },
  }
}

function standInActor(
  definition: ServiceDefinition,
  name: string,
  logic: AnyActorLogic,
  drivers: Drivers,
  onStage: OnStage,
): AnyActorLogic {
  if (isMachine(logic)) return standInMachine(definition, logic, drivers, onStage)
  const driver = Object.hasOwn(drivers, name) ? drivers[name] : undefined
  checkSuits(definition.id, name, logic, driver)
  if (driver === 'run' || driver === undefined)
    return isTask(logic) ? drivenSteps(name, logic, {}, onStage) : asItIs(name, logic, onStage)
  if ('sends' in driver) return drivenCallback(name, driver.sends, onStage)
  if ('emits' in driver) return drivenObservable(name, driver.emits, driver.completes === true, onStage)
  if ('steps' in driver) return drivenSteps(name, logic, driver.steps, onStage)
  return isTask(logic) ? drivenTask(name, driver, onStage) : drivenPromise(name, driver, onStage)
}
