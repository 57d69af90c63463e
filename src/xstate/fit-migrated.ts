import type { AnyStateMachine } from 'xstate'
import type { ActorPath, ActorRecord, TimerRecord, TreeRecord } from '../checkpoint/record.js'
import { InvalidCheckpointError } from '../errors/checkpoint.js'
import { isObject } from '../errors/option-checks.js'
import { type AnyNode, allNodes, isMachine } from '../service/walk.js'

/** How XState names the timers of `after`. */
const AFTER = /^xstate\.after\./
/** How XState names what is invoked without an id: by its place among those of its state. */
const UNNAMED = /^\d+\./

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

const invokedBy = (node: AnyNode) => node.invoke.map(({ id }) => id)

function refuse(path: string, problem: string, free: readonly string[]): never {
  const to = free.length === 0 ? '' : ` to ${free.map((id) => `“${id}”`).join(' or ')}`
  throw new InvalidCheckpointError(path, `${problem}: rename it${to} (renameIds), or leave it out`)
}

function checkTimers(active: readonly AnyNode[], timers: readonly TimerRecord[], at: ActorPath): void {
  const delays = active.flatMap((node) => node.after.map(({ eventType }) => eventType))
  const types = timers.map(({ target, event }) => (target.join('/') === at.join('/') ? event.type : ''))
  for (const [index, type] of types.entries()) {
    if (!AFTER.test(type) || delays.includes(type)) continue
    const free = delays.filter((delay) => !types.includes(delay))
    refuse(`timers[${index}]`, `no active state waits for “${type}”`, free)
  }
}

function checkInvoked(
  nodes: readonly AnyNode[],
  active: readonly AnyNode[],
  children: readonly ActorRecord[],
  path: string,
): void {
  const ids = nodes.flatMap(invokedBy)
  const logics = nodes.flatMap(({ invoke }) => invoke.map(({ src }) => src))
  const invoked = active.flatMap(invokedBy)
  for (const { id, src } of children) {
    // Any other was spawned, and belongs to no state.
    const belongs = ids.includes(id) || (UNNAMED.test(id) && logics.includes(src))
    if (!belongs || invoked.includes(id)) continue
    const free = invoked.filter((one) => children.every((child) => child.id !== one))
    refuse(`${path}.children.${id}`, 'no active state invokes it', free)
  }
}

function checkActor(logic: unknown, actor: ActorRecord, tree: TreeRecord, path: string, at: ActorPath): void {
  if (!isMachine(logic)) return
  const active = activeNodes(logic.root, actor.snapshot.value)
  const { children = [] } = actor
  checkTimers(active, tree.timers, at)
  checkInvoked(allNodes(logic), active, children, path)
  const { actors } = logic.implementations
  for (const child of children)
    checkActor(actors[child.src], child, tree, `${path}.children.${child.id}`, [...at, child.id])
}

/**
 * Checks that a migration has left nothing behind: a timer or an invoked actor of a state that is not active comes to its end,
 * and nobody hears of it. To be asked of what is known to fit (`checkFit`).
 *
 * @throws {InvalidCheckpointError} with the path to the first that is, and what may become of it
 */
export function checkMigrated(machine: AnyStateMachine, tree: TreeRecord): void {
  checkActor(machine, tree.root, tree, 'root', [])
}
