import type { AnyStateMachine } from 'xstate'
import type { ActorPath, ActorRecord, TimerRecord, TreeRecord } from '../checkpoint/record.js'
import { InvalidCheckpointError } from '../errors/checkpoint.js'
import { isObject } from '../errors/option-checks.js'
import { type AnyNode, allNodes, isMachine } from '../service/walk.js'

/** How XState names the timers of `after`. */
const AFTER = 'xstate.after.'

/** The node and all active ones below it; the value is known to fit. */
function activeNodes(node: AnyNode, value: unknown): AnyNode[] {
  const below = Object.values(node.states).flatMap((state) => {
    if (state.key === value) return activeNodes(state, {})
    return isObject(value) && Object.hasOwn(value, state.key)
      ? activeNodes(state, Reflect.get(value, state.key))
      : []
  })
  return [node, ...below]
}

/** Of a delay without a transition too, for which XState sets a timer as well. */
function delaysOf(node: AnyNode): string[] {
  const delays = Object.keys(node.config.after ?? {})
  return delays.map((delay) => `${AFTER}${Number.isNaN(+delay) ? delay : +delay}.${node.id}`)
}

const invokedBy = (node: AnyNode) => node.invoke.map(({ id, src }) => ({ id, src: String(src) }))

function refuse(path: string, problem: string, free: readonly string[]): never {
  const to = free.length === 0 ? '' : ` to ${free.map((id) => `“${id}”`).join(' or ')}`
  throw new InvalidCheckpointError(path, `${problem}: rename it${to} (renameIds), or leave it out`)
}

function checkTimers(active: readonly AnyNode[], timers: readonly TimerRecord[], at: ActorPath): void {
  const delays = active.flatMap(delaysOf)
  const place = JSON.stringify(at)
  const types = timers.map(({ target, event }) => (JSON.stringify(target) === place ? event.type : ''))
  for (const [index, type] of types.entries()) {
    if (!type.startsWith(AFTER) || delays.includes(type)) continue
    const free = delays.filter((delay) => !types.includes(delay))
    refuse(`timers[${index}]`, `no active state waits for “${type}”`, free)
  }
}

/** Whether a state had invoked it, as far as its id tells: an unnamed one bears the id of its state, one that was spawned belongs to none. */
function wasInvoked(root: AnyNode, id: string, ids: readonly string[]): boolean {
  const [, state] = /^\d+\.(.*)$/.exec(id) ?? []
  return ids.includes(id) || state === root.id || state?.startsWith(`${root.id}.`) === true
}

function checkInvoked(
  root: AnyNode,
  nodes: readonly AnyNode[],
  active: readonly AnyNode[],
  children: readonly ActorRecord[],
  path: string,
): void {
  const ids = nodes.flatMap(invokedBy).map(({ id }) => id)
  const invoked = active.flatMap(invokedBy)
  for (const { id, src, snapshot } of children) {
    // Nothing comes of one that has ended, and it is left where it is.
    if (snapshot.status !== 'active' || !wasInvoked(root, id, ids)) continue
    const its = invoked.filter((one) => one.src === src)
    if (its.some((one) => one.id === id)) continue
    const free = its.filter((one) => children.every((child) => child.id !== one.id || child.src !== src))
    refuse(
      `${path}.children.${id}`,
      `no active state invokes “${src}” as that`,
      free.map((one) => one.id),
    )
  }
}

function checkActor(logic: unknown, actor: ActorRecord, tree: TreeRecord, path: string, at: ActorPath): void {
  if (!isMachine(logic)) return
  const active = activeNodes(logic.root, actor.snapshot.value)
  const { children = [] } = actor
  checkTimers(active, tree.timers, at)
  checkInvoked(logic.root, allNodes(logic), active, children, path)
  const { actors } = logic.implementations
  for (const child of children)
    checkActor(actors[child.src], child, tree, `${path}.children.${child.id}`, [...at, child.id])
}

/**
 * Checks that a migration has left nothing behind: a timer or an invoked actor of a state that is not active comes to its end,
 * and nobody hears of it. To be asked of what is known to fit (`checkFit`). An actor whose invocation had an id of its own that is gone is
 * not found: it is as one that was spawned.
 *
 * @throws {InvalidCheckpointError} with the path to the first that is, and what may become of it
 */
export function checkMigrated(machine: AnyStateMachine, tree: TreeRecord): void {
  checkActor(machine, tree.root, tree, 'root', [])
}
