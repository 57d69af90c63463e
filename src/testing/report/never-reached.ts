import type { AnyStateMachine } from 'xstate'
import { failingLeadsTo } from '../plans/failing.js'
import { answeredAtOnce, lastingStates } from '../plans/lasting.js'
import type { Drivers } from '../world/drivers.js'
import { hasStarted } from '../world/met.js'
import type { ReportFigures, ReportJson, ScoutedFigures } from './report.js'
import type { Tally } from './tally.js'

/** The states in which the service never was, and those of them that it leaves as soon as it comes there. */
export function neverReachedOf(
  machine: AnyStateMachine,
  { matrix, met }: Pick<Tally, 'matrix' | 'met'>,
  drivers: Drivers,
): Pick<ReportFigures, 'neverReached' | 'answeredAtOnce' | 'endsAtOnce' | 'failureLeadsTo'> {
  const never = lastingStates(machine).filter(({ id }) => !matrix.reached.has(id))
  const left = never.flatMap((node) => {
    // What has not begun was no reason yet.
    const begun = answeredAtOnce(machine, node, drivers).find(({ name }) => hasStarted(met, name))
    return begun === undefined ? [] : [{ id: node.id, ...begun }]
  })
  const byFailure = never.flatMap((node) => {
    const name = failingLeadsTo(machine, node, drivers)
    return name === undefined ? [] : [[node.id, name] as const]
  })
  const byItself = left.filter(({ by }) => by === 'itself').map(({ id, name }) => [id, name] as const)
  return {
    neverReached: never.map(({ id }) => id),
    answeredAtOnce: left.map(({ id }) => id),
    endsAtOnce: Object.fromEntries(byItself),
    failureLeadsTo: Object.fromEntries(byFailure),
  }
}

/** Why it never was in them, as far as that is known, and what helps. */
export function neverReachedLines(report: ReportJson): readonly string[] {
  const { neverReached, answeredAtOnce, endsAtOnce } = report
  const driven = answeredAtOnce.filter((id) => !Object.hasOwn(endsAtOnce, id))
  const others = neverReached.filter((id) => !answeredAtOnce.includes(id))
  return [
    ...line(
      driven,
      'What is invoked there answers at once, which leaves no time to interrupt it: give its driver `afterMs`.',
    ),
    ...Object.entries(endsAtOnce).flatMap(([id, name]) =>
      line(
        [id],
        `“${name}” runs as written there and ends at once, which leaves no time to interrupt it: drive it, or steps of it, with \`afterMs\`.`,
      ),
    ),
    ...groups(others, (id) => remedy(report, id)).flatMap(([why, ids]) => line(ids, why)),
  ]
}

const line = (ids: readonly string[], why: string) =>
  ids.length === 0 ? [] : [`Never reached: ${ids.join(', ')}. ${why}`]

function groups(ids: readonly string[], of: (id: string) => string): readonly [string, readonly string[]][] {
  const all = new Map<string, string[]>()
  for (const id of ids) all.set(of(id), [...(all.get(of(id)) ?? []), id])
  return [...all]
}

function remedy({ mode, bounds, scouted, failureLeadsTo }: ReportJson, id: string): string {
  if (Object.hasOwn(failureLeadsTo, id))
    return `Only a failure of “${failureLeadsTo[id]}” leads there: give its driver, or one of its steps, an answer that \`rejects\`.`
  if (mode === 'crashPoints') return 'Give `sequences` that lead there.'
  if (mode === 'random') return scouted === undefined ? DATA : byChance(scouted, id)
  return [
    DATA,
    ...(bounds?.key === true
      ? ['a `key` that keeps more, so that no two moments that differ are taken for one']
      : []),
    ...(bounds?.depth === undefined ? [] : [`a \`depth\` of more than ${bounds.depth}`]),
  ]
    .join('; or ')
    .concat('.')
}

const DATA = 'Neither these events nor time lead there: give `events` with the data that its guards ask for'

function byChance({ ways, everywhere, mostSteps }: ScoutedFigures, id: string): string {
  const steps = Object.hasOwn(ways, id) ? ways[id] : undefined
  if (steps !== undefined && steps > mostSteps)
    return `It is ${steps} steps away, and plans have at most ${mostSteps} beside their interruptions: give more \`mostSteps\`.`
  if (steps !== undefined)
    return `It is ${steps} steps away, and no plan came there by chance: give more \`runs\`.`
  if (everywhere) return `${DATA}.`
  return 'No way there was found: give `events` with the data that its guards ask for, or with more `runs` more ways are tried.'
}
