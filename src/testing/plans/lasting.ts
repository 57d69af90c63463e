import type { AnyActorLogic, AnyStateMachine } from 'xstate'
import { type AnyNode, allNodes } from '../../service/walk.js'
import { isTask } from '../../task/task.js'
import { internalLogic } from '../../xstate/internals.js'
import { madeBy } from '../../xstate/made-by.js'
import { logicsOf } from '../logics.js'
import { type Drivers, takeTime } from '../world/drivers.js'

/** What is invoked and has its answer in no time: by a driver, or as its author has written it. */
export interface AtOnce {
  readonly name: string
  readonly by: 'driver' | 'itself'
}

/** Atomic states in which somebody may find the service between two events, as far as the machine alone tells. */
export function lastingStates(machine: AnyStateMachine): readonly AnyNode[] {
  return allNodes(machine).filter((node) => node.type === 'atomic' && !isLeftAtOnce(node))
}

function isLeftAtOnce({ always = [] }: AnyNode): boolean {
  return always.some(({ guard }) => guard === undefined)
}

/** What a state, or one around it, invokes that is answered in no time and so leads away from there. */
export function answeredAtOnce(
  machine: AnyStateMachine,
  node: AnyNode | undefined,
  drivers: Drivers,
): readonly AtOnce[] {
  if (node === undefined) return []
  const own = node.invoke.flatMap(({ src, id }) => {
    const by = leadsOn(node, id) && typeof src === 'string' ? atOnce(machine, src, drivers) : undefined
    return by === undefined ? [] : [{ name: String(src), by }]
  })
  return [...own, ...answeredAtOnce(machine, node.parent, drivers)]
}

function leadsOn(node: AnyNode, id: string): boolean {
  const ends = [`xstate.done.actor.${id}`, `xstate.error.actor.${id}`]
  return ends.some((type) => node.transitions.get(type)?.some(({ target }) => target !== undefined))
}

function atOnce(machine: AnyStateMachine, name: string, drivers: Drivers): AtOnce['by'] | undefined {
  const [, logic] = logicsOf(machine).find(([one]) => one === name) ?? []
  if (logic === undefined) return undefined
  const driver = Object.hasOwn(drivers, name) ? drivers[name] : undefined
  if (driver === undefined) return isTask(logic) ? 'itself' : undefined
  if (driver === 'run') return isTask(logic) || isPromise(logic) ? 'itself' : undefined
  if ('sends' in driver || 'emits' in driver) return undefined
  return takeTime({ [name]: driver }) ? undefined : 'driver'
}

const isPromise = (logic: AnyActorLogic) => madeBy(internalLogic(logic)) === 'fromPromise'
