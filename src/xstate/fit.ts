import type { AnyStateMachine } from 'xstate'
import type { ActorPath, ActorRecord, TreeRecord } from '../checkpoint/record.js'
import { InvalidCheckpointError } from '../errors/checkpoint.js'
import { isObject } from '../errors/option-checks.js'
import { type AnyNode, allNodes, canBeActiveTogether, isAncestor, isMachine } from '../service/walk.js'

function refuse(path: string, problem: string): never {
  throw new InvalidCheckpointError(path, problem)
}

/** One that says all it says in its fields: a Map has none, and would pass for empty. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** A state value must name every active state and no other; XState would take `{}` or `5` for the initial state. */
function checkValue(node: AnyNode, value: unknown, path: string, active: Set<string>): void {
  active.add(node.id)
  if (node.type === 'compound') {
    const key = typeof value === 'string' ? value : isPlainObject(value) ? soleKey(value, path) : undefined
    if (key === undefined) refuse(path, `the state ${node.id} needs one of its states as its value`)
    const child = Object.hasOwn(node.states, key) ? node.states[key] : undefined
    if (child === undefined || child.type === 'history')
      refuse(path, `the state ${node.id} has no state “${key}”`)
    const nested = child.type === 'compound' || child.type === 'parallel'
    if (nested && typeof value === 'string') refuse(path, `the state ${child.id} has states of its own now`)
    if (!nested && typeof value !== 'string') refuse(path, `the state ${child.id} has no states of its own`)
    active.add(child.id)
    if (isPlainObject(value)) checkValue(child, value[key], `${path}.${key}`, active)
    return
  }
  if (!isPlainObject(value)) refuse(path, `the state ${node.id} needs an object as its value`)
  const regions = Object.values(node.states).filter(({ type }) => type !== 'history')
  const expected = node.type === 'parallel' ? regions : []
  const keys = Object.keys(value)
  if (keys.length !== expected.length) refuse(path, `the state ${node.id} needs ${expected.length} regions`)
  for (const region of expected) {
    if (!Object.hasOwn(value, region.key)) refuse(path, `the region “${region.key}” is missing`)
    checkValue(region, value[region.key], `${path}.${region.key}`, active)
  }
}

function soleKey(value: Record<string, unknown>, path: string): string | undefined {
  const keys = Object.keys(value)
  if (keys.length !== 1) refuse(path, 'exactly one state can be active here')
  return keys[0]
}

function isFinal(node: AnyNode, active: ReadonlySet<string>): boolean {
  const states = Object.values(node.states).filter(({ type }) => type !== 'history')
  if (node.type === 'compound') return states.some(({ type, id }) => type === 'final' && active.has(id))
  return node.type === 'parallel' ? states.every((state) => isFinal(state, active)) : node.type === 'final'
}

/** The order of the active states: each of them once, and no other. */
function checkNodes(ids: unknown, active: ReadonlySet<string>, path: string): void {
  if (!Array.isArray(ids)) refuse(path, 'a list of state ids was expected')
  const listed = new Set<unknown>(ids)
  if (listed.size !== ids.length || ids.length !== active.size || ids.some((id) => !active.has(id))) {
    refuse(path, 'it does not list the active states')
  }
}

/** What a history state remembers: states below its parent that can be active together. */
function checkHistory(machine: AnyStateMachine, history: unknown, path: string): void {
  if (!isPlainObject(history)) refuse(path, 'an object was expected')
  const byId = new Map<unknown, AnyNode>(allNodes(machine).map((node) => [node.id, node]))
  for (const [id, ids] of Object.entries(history)) {
    const parent = byId.get(id)?.type === 'history' ? byId.get(id)?.parent : undefined
    if (parent === undefined) refuse(`${path}.${id}`, 'there is no such history state')
    if (!Array.isArray(ids)) refuse(`${path}.${id}`, 'a list of state ids was expected')
    const nodes = ids.map((nodeId) => byId.get(nodeId) ?? refuse(`${path}.${id}`, 'there is no such state'))
    for (const [index, node] of nodes.entries()) {
      const below = node !== parent && node.type !== 'history' && isAncestor(parent, node)
      const alone = nodes.slice(0, index).every((other) => other !== node && canBeActiveTogether(other, node))
      if (!below || !alone) refuse(`${path}.${id}`, `the state ${node.id} cannot be remembered there`)
    }
  }
}

/** All that a machine's snapshot is made of; what stands beside would be lost. */
const PARTS = new Set(['status', 'value', 'context', 'historyValue', 'nodes', 'output', 'error'])

function checkMachine(machine: AnyStateMachine, actor: ActorRecord, path: string): void {
  for (const part in actor.snapshot) {
    if (!PARTS.has(part)) refuse(`${path}.${part}`, 'a machine’s snapshot has no such part')
  }
  const { status, value, context, historyValue, nodes } = actor.snapshot
  const active = new Set<string>()
  checkValue(machine.root, value, `${path}.value`, active)
  if ((status === 'done') !== isFinal(machine.root, active)) {
    refuse(`${path}.status`, 'a machine is done in a final state, and in no other')
  }
  if (!isObject(context) || Array.isArray(context))
    refuse(`${path}.context`, 'a machine’s context is an object')
  if (historyValue !== undefined) checkHistory(machine, historyValue, `${path}.historyValue`)
  if (nodes !== undefined) checkNodes(nodes, active, `${path}.nodes`)
}

/** What was found on the way through the tree. */
interface Found {
  readonly paths: Set<string>
  readonly systemIds: Set<string>
}

function checkActor(logic: unknown, actor: ActorRecord, path: string, found: Found, at: ActorPath): void {
  found.paths.add(JSON.stringify(at))
  const { systemId } = actor
  if (systemId !== undefined) {
    if (found.systemIds.has(systemId)) refuse(`${path}.systemId`, `another actor is “${systemId}” already`)
    found.systemIds.add(systemId)
  }
  if (!isMachine(logic)) {
    if (actor.children !== undefined && actor.children.length > 0)
      refuse(`${path}.children`, 'only a machine has children')
    return
  }
  checkMachine(logic, actor, `${path}.snapshot`)
  const ids = new Set<string>()
  for (const child of actor.children ?? []) {
    const childPath = `${path}.children.${child.id}`
    if (ids.has(child.id)) refuse(childPath, 'this id stands there twice')
    ids.add(child.id)
    const { actors } = logic.implementations
    if (!Object.hasOwn(actors, child.src)) {
      refuse(childPath, `its logic “${child.src}” is not among the machine’s actors`)
    }
    checkActor(actors[child.src], child, childPath, found, [...at, child.id])
  }
}

/**
 * Checks that a tree fits a machine, before anything is revived: every state, every actor's logic and
 * every timer's ends. An owed effect may be that of an actor that is gone.
 *
 * @throws {InvalidCheckpointError} with the path to the first misfit
 */
export function checkFit(machine: AnyStateMachine, tree: TreeRecord): void {
  const found: Found = { paths: new Set(), systemIds: new Set() }
  checkActor(machine, tree.root, 'root', found, [])
  const timers = new Set<string>()
  for (const [index, timer] of tree.timers.entries()) {
    for (const end of ['source', 'target'] as const) {
      if (!found.paths.has(JSON.stringify(timer[end]))) {
        refuse(`timers[${index}].${end}`, `there is no actor “${timer[end].join('/')}”`)
      }
    }
    const name = JSON.stringify([timer.source, timer.id])
    if (timers.has(name)) refuse(`timers[${index}].id`, `its actor has another timer “${timer.id}”`)
    timers.add(name)
  }
}
