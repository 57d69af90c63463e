import type { AnyStateMachine } from 'xstate'
import { type AnyNode, allNodes } from '../../service/walk.js'
import { isOfPattern } from '../../xstate/descriptor.js'

/** Whether a machine does something with an event of that type while those atomic states are active, whatever its guards say. */
export type Takes = (active: readonly string[], type: string) => boolean

/** What is known of that from the machine alone. */
export function takesOf(machine: AnyStateMachine): Takes {
  const nodes = new Map(allNodes(machine).map((node) => [node.id, node]))
  const known = new Map<string, Map<string, boolean>>()
  return (active, type) => {
    const state = active.join('\n')
    const types = known.get(state) ?? new Map<string, boolean>()
    known.set(state, types)
    const before = types.get(type)
    if (before !== undefined) return before
    const takes = active.some((id) => lineOf(nodes.get(id)).some((node) => does(node, type)))
    types.set(type, takes)
    return takes
  }
}

/** A state, and those around it. */
function lineOf(node: AnyNode | undefined): readonly AnyNode[] {
  return node === undefined ? [] : [node, ...lineOf(node.parent)]
}

/** What names an event and leads nowhere ignores it. */
function does(node: AnyNode, type: string): boolean {
  for (const [pattern, transitions] of node.transitions) {
    if (!isOfPattern(type, pattern)) continue
    if (transitions.some(({ target, actions }) => target !== undefined || actions.length > 0)) return true
  }
  return false
}
