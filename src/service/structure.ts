import type { AnyStateMachine } from 'xstate'
import { checksum } from '../checkpoint/checksum.js'
import { allNodes, isMachine, toArray } from './walk.js'

/**
 * What a checkpoint depends on in a machine: its states with their types, invocations and delays, and the
 * same of the machines that it can start. Events, guards and actions may change freely.
 */
function describe(machine: AnyStateMachine, seen: Set<AnyStateMachine>): string {
  if (seen.has(machine)) return `again ${machine.id}`
  seen.add(machine)
  const nodes = allNodes(machine).map((node) => {
    const invoked = node.invoke.map(({ id, src }) => `${id}<${String(src)}`)
    const delays = Object.keys(node.config.after ?? {})
    const history = node.history === false ? '' : String(node.history)
    const initial = toArray(node.initial?.target).map(({ id }) => id)
    return [node.id, node.type, history, ...initial, '|', ...invoked, '|', ...delays].join(' ')
  })
  const children = Object.entries(machine.implementations.actors)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, logic]) => (isMachine(logic) ? [`${name}: ${describe(logic, seen)}`] : []))
  return [...nodes, ...children].join('\n')
}

/** Hash of the machine's structure, 8 hexadecimal digits. */
export function structureHash(machine: AnyStateMachine): string {
  return checksum(describe(machine, new Set()))
}
