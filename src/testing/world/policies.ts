import type { TimerPolicy } from '../../checkpoint/record.js'
import type { ServiceDefinition } from '../../service/definition.js'
import type { StandIn } from './stand-ins.js'

/** Definitions of one service: the present one, and that of an earlier version. */
export interface Versions {
  readonly standIn: StandIn
  readonly earlier?: StandIn | undefined
}

const policiesOf = ({ timers }: ServiceDefinition): readonly TimerPolicy[] =>
  typeof timers === 'string' ? [timers] : [timers.default ?? 'deadline', ...Object.values(timers)]

const definitionsOf = ({ standIn, earlier }: Versions): readonly ServiceDefinition[] =>
  earlier === undefined ? [standIn.definition] : [standIn.definition, earlier.definition]

/** Whether a timer of the service can have that policy. */
export function mayHave(policy: TimerPolicy, versions: Versions): boolean {
  return definitionsOf(versions).some((definition) => policiesOf(definition).includes(policy))
}

/** Whether timers of the service follow the clock, and nothing else. */
export function followsClock(versions: Versions): boolean {
  return !mayHave('remaining', versions) && !mayHave('restart', versions)
}

/** The same, with timers that follow the clock. */
export function followingClock<TVersions extends Versions>(versions: TVersions): TVersions {
  if (followsClock(versions)) return versions
  const following = (standIn: StandIn): StandIn => ({
    ...standIn,
    definition: { ...standIn.definition, timers: 'deadline' },
    runs: { ...standIn.runs, timers: 'deadline' },
  })
  const { standIn, earlier } = versions
  return { ...versions, standIn: following(standIn), earlier: earlier && following(earlier) }
}
