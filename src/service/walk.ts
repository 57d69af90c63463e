import type { AnyStateMachine, StateNode } from 'xstate'
import { isObject } from '../errors/option-checks.js'

/** XState's own type for a node whose context and event are not known here. */
export type AnyNode = AnyStateMachine['root']

/** Every state node of the machine, in document order. */
export function allNodes(machine: AnyStateMachine): AnyNode[] {
  const nodes: AnyNode[] = []
  const visit = (node: AnyNode) => {
    nodes.push(node)
    for (const child of Object.values(node.states)) visit(child)
  }
  visit(machine.root)
  return nodes
}

/** The node's place in the machine's config, such as `states.a.states.b`; empty for the root. */
export function configPath(node: AnyNode | StateNode): string {
  return node.path.map((key) => `states.${key}`).join('.')
}

/** Joins path parts, leaving out empty ones. */
export function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('.')
}

/** A list where the config allows one value or many. */
export function toArray<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return []
  // Array.isArray does not narrow a readonly array.
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}

export function isMachine(logic: unknown): logic is AnyStateMachine {
  return isObject(logic) && 'root' in logic && 'implementations' in logic
}

/** Whether the node holds the other, or is it. */
export function isAncestor(node: AnyNode, of: AnyNode): boolean {
  return of.path.length >= node.path.length && node.path.every((key, index) => of.path[index] === key)
}

/** Whether both nodes can be active at once: one holds the other, or their paths part in a parallel state. */
export function canBeActiveTogether(a: AnyNode, b: AnyNode): boolean {
  if (isAncestor(a, b) || isAncestor(b, a)) return true
  const parting = a.path.findIndex((key, index) => b.path[index] !== key)
  let common: AnyNode = a
  while (common.path.length > parting && common.parent !== undefined) common = common.parent
  return common.type === 'parallel'
}
