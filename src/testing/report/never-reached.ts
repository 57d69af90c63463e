import type { AnyStateMachine, AnyStateNode } from 'xstate'
import { isObject } from '../../errors/option-checks.js'
import { allNodes } from '../../service/walk.js'
import { isTask } from '../../task/task.js'
import { type Drivers, takeTime } from '../world/drivers.js'
import type { ReportFigures, ReportJson } from './report.js'

/** The states in which the service never was, and those of them that it leaves as soon as it comes there. */
export function neverReachedOf(
  machine: AnyStateMachine,
  reached: ReadonlySet<string>,
  drivers: Drivers,
): Pick<ReportFigures, 'neverReached' | 'answeredAtOnce'> {
  const never = allNodes(machine).filter(
    (node) => node.type === 'atomic' && !isLeftAtOnce(node) && !reached.has(node.id),
  )
  const ids = (nodes: typeof never) => nodes.map(({ id }) => id)
  return {
    neverReached: ids(never),
    answeredAtOnce: ids(
      never.filter(({ invoke }) => invoke.some(({ src }) => atOnce(machine, src, drivers))),
    ),
  }
}

/** Nobody finds it there between two events. */
function isLeftAtOnce({ always = [] }: AnyStateNode): boolean {
  return always.some(({ guard }) => guard === undefined)
}

/** Whether what is invoked comes to its answer in no time: a promise, or a task. */
function atOnce(machine: AnyStateMachine, src: unknown, drivers: Drivers): boolean {
  if (typeof src !== 'string') return false
  const given: unknown = machine.implementations.actors[src]
  const logic = isObject(given) && 'src' in given ? given.src : given
  const driver = Object.hasOwn(drivers, src) ? drivers[src] : undefined
  if (driver === undefined) return isObject(logic) && isTask(logic)
  if (driver === 'run' || 'sends' in driver || 'emits' in driver) return false
  return !takeTime({ [src]: driver })
}

/** Why it never was in them, as far as that is known, and what helps. */
export function neverReachedLines(report: ReportJson): readonly string[] {
  const { neverReached, answeredAtOnce } = report
  const others = neverReached.filter((id) => !answeredAtOnce.includes(id))
  return [
    ...(answeredAtOnce.length === 0
      ? []
      : [
          `Never reached: ${answeredAtOnce.join(', ')}. What is invoked there answers at once, which leaves no time to interrupt it: give its driver \`afterMs\`.`,
        ]),
    ...(others.length === 0 ? [] : [`Never reached: ${others.join(', ')}. ${remedy(report)}`]),
  ]
}

function remedy({ mode, bounds }: ReportJson): string {
  if (mode === 'crashPoints') return 'Give `sequences` that lead there.'
  if (mode === 'random') {
    return "No plan came there by chance: give more `runs` or `mostSteps`, `events` with the data that its guards ask for, or mode: 'exhaustive'."
  }
  return [
    'Neither these events nor time lead there: give `events` with the data that its guards ask for',
    ...(bounds?.key === true
      ? ['a `key` that keeps more, so that no two moments that differ are taken for one']
      : []),
    ...(bounds?.depth === undefined ? [] : [`a \`depth\` of more than ${bounds.depth}`]),
  ]
    .join('; or ')
    .concat('.')
}
