import type { AnyStateMachine } from 'xstate'
import type { ActorPath, ActorRecord, TreeRecord } from '../checkpoint/record.js'
import { InvalidCheckpointError } from '../errors/checkpoint.js'
import { type AnyNode, allNodes, isMachine } from '../service/walk.js'

function refuse(path: string, problem: string): never {
  throw new InvalidCheckpointError(path, problem)
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A state value must name every active state and no other; XState would take `{}` or `5` for the initial state. */
function checkValue(node: AnyNode, value: unknown, path: string): void {
  if (node.type === 'compound') {
    const key = typeof value === 'string' ? value : isPlainObject(value) ? soleKey(value, path) : undefined
    if (key === undefined) refuse(path, `the state ${node.id} needs one of its states as its value`)
    const child = Object.hasOwn(node.states, key) ? node.states[key] : undefined
    if (child === undefined || child.type === 'history')
      refuse(path, `the state ${node.id} has no state “${key}”`)
    const nested = child.type === 'compound' || child.type === 'parallel'
    if (nested && typeof value === 'string') refuse(path, `the state ${child.id} has states of its own now`)
    if (!nested && typeof value !== 'string') refuse(path, `the state ${child.id} has no states of its own`)
    if (isPlainObject(value)) checkValue(child, value[key], `${path}.${key}`)
    return
  }
  if (!isPlainObject(value)) refuse(path, `the state ${node.id} needs an object as its value`)
  const regions = Object.values(node.states).filter(({ type }) => type !== 'history')
  const expected = node.type === 'parallel' ? regions : []
  const keys = Object.keys(value)
  if (keys.length !== expected.length) refuse(path, `the state ${node.id} needs ${expected.length} regions`)
  for (const region of expected) {
    if (!Object.hasOwn(value, region.key)) refuse(path, `the region “${region.key}” is missing`)
    checkValue(region, value[region.key], `${path}.${region.key}`)
  }
}

function soleKey(value: Record<string, unknown>, path: string): string | undefined {
  const keys = Object.keys(value)
  if (keys.length !== 1) refuse(path, 'exactly one state can be active here')
  return keys[0]
}

function checkNodeIds(machine: AnyStateMachine, ids: unknown, path: string): void {
  const known = new Set(allNodes(machine).map(({ id }) => id))
  if (!Array.isArray(ids)) refuse(path, 'a list of state ids was expected')
  for (const id of ids) if (!known.has(String(id))) refuse(path, `there is no state “${String(id)}”`)
}

function checkMachine(machine: AnyStateMachine, actor: ActorRecord, path: string): void {
  const { value, context, historyValue, nodes } = actor.snapshot
  checkValue(machine.root, value, `${path}.value`)
  if (!isPlainObject(context)) refuse(`${path}.context`, 'a machine’s context is an object')
  if (historyValue !== undefined) {
    if (!isPlainObject(historyValue)) refuse(`${path}.historyValue`, 'an object was expected')
    checkNodeIds(machine, Object.keys(historyValue), `${path}.historyValue`)
    for (const [id, ids] of Object.entries(historyValue))
      checkNodeIds(machine, ids, `${path}.historyValue.${id}`)
  }
  if (nodes !== undefined) checkNodeIds(machine, nodes, `${path}.nodes`)
}

function checkActor(
  logic: unknown,
  actor: ActorRecord,
  path: string,
  known: Set<string>,
  at: ActorPath,
): void {
  known.add(JSON.stringify(at))
  if (!isMachine(logic)) {
    if (actor.children.length > 0) refuse(`${path}.children`, 'only a machine has children')
    return
  }
  checkMachine(logic, actor, `${path}.snapshot`)
  const ids = new Set<string>()
  for (const child of actor.children) {
    const childPath = `${path}.children.${child.id}`
    if (ids.has(child.id)) refuse(childPath, 'this id stands there twice')
    ids.add(child.id)
    const { actors } = logic.implementations
    if (!Object.hasOwn(actors, child.src)) {
      refuse(childPath, `its logic “${child.src}” is not among the machine’s actors`)
    }
    checkActor(actors[child.src], child, childPath, known, [...at, child.id])
  }
}

/**
 * Checks that a tree fits a machine, before anything is revived: every state, every actor's logic, every
 * timer's ends and every owed effect's actor.
 *
 * @throws {InvalidCheckpointError} with the path to the first misfit
 */
export function checkFit(machine: AnyStateMachine, tree: TreeRecord): void {
  const known = new Set<string>()
  checkActor(machine, tree.root, 'root', known, [])
  for (const [index, timer] of tree.timers.entries()) {
    for (const end of ['source', 'target'] as const) {
      if (!known.has(JSON.stringify(timer[end]))) {
        refuse(`timers[${index}].${end}`, `there is no actor “${timer[end].join('/')}”`)
      }
    }
  }
}
