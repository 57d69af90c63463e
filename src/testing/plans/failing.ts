import type { AnyStateMachine } from 'xstate'
import { type AnyNode, allNodes } from '../../service/walk.js'
import { logicsOf } from '../logics.js'
import { type Answers, type Drivers, listed } from '../world/drivers.js'
import { canReject } from '../world/suits.js'

/** The actor of which a failure alone leads to that state, where no driver has it fail; undefined: there is none. */
export function failingLeadsTo(
  machine: AnyStateMachine,
  node: AnyNode,
  drivers: Drivers,
): string | undefined {
  // It is there from the beginning of the state around it.
  if (
    node.parent === undefined ||
    node.parent.type === 'parallel' ||
    node.parent.initial.target.includes(node)
  )
    return undefined
  const ways = allNodes(machine).flatMap((from) =>
    [...from.transitions.values(), ...(from.always === undefined ? [] : [from.always])]
      .flat()
      .flatMap((way) => (way.target?.includes(node) === true ? [{ from, eventType: way.eventType }] : [])),
  )
  const names = ways.map(({ from, eventType }) => {
    const invoked = from.invoke.find(({ id }) => eventType === `xstate.error.actor.${id}`)
    return typeof invoked?.src === 'string' ? invoked.src : undefined
  })
  const [name] = names
  if (name === undefined || names.some((one) => one !== name)) return undefined
  // A history state around it may lead there as well.
  if (
    allNodes(machine).some(
      ({ type, parent }) => type === 'history' && parent !== undefined && isWithin(node, parent),
    )
  )
    return undefined
  const logic = logicsOf(machine).find(([known]) => known === name)?.[1]
  return logic !== undefined && canReject(logic) && !mayFail(drivers, name) ? name : undefined
}

function isWithin(node: AnyNode, around: AnyNode): boolean {
  return node.parent !== undefined && (node.parent === around || isWithin(node.parent, around))
}

function mayFail(drivers: Drivers, name: string): boolean {
  const driver = Object.hasOwn(drivers, name) ? drivers[name] : undefined
  if (driver === undefined || driver === 'run' || 'sends' in driver || 'emits' in driver) return false
  return 'steps' in driver ? Object.values(driver.steps).some(rejects) : rejects(driver)
}

const rejects = (answers: Answers) => listed(answers).some((answer) => 'rejects' in answer)
