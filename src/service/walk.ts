import type { AnyStateMachine, StateNode } from 'xstate'

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
  return typeof logic === 'object' && logic !== null && 'root' in logic && 'implementations' in logic
}
