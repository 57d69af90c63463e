import type { Arbitrary } from 'fast-check'
import type { FastCheck } from '../fast-check.js'
import { type EventSource, isArbitrary } from './events.js'
import {
  CRASH_POINTS,
  EVENT_KINDS,
  type InterruptionKind,
  REST_KINDS,
  type Step,
  TIME_KINDS,
} from './steps.js'
import type { Draft } from './waits.js'
import type { Cut } from './weave.js'

/** Plans that differ in their interruptions alone, so that one twin serves all of them. */
export interface Family {
  readonly author: readonly Draft[]
  /** The interruptions of each plan. */
  readonly ways: readonly (readonly Cut[])[]
}

/** How many plans share a twin. */
export const FAMILY_SIZE = 4

/** How plans are made. */
export interface PlanSource {
  readonly events: readonly EventSource[]
  readonly kinds: readonly InterruptionKind[]
  /** Times after which something is due in the machine, in ms. */
  readonly delaysMs: readonly number[]
  /** Whether it may wait for a time to pass, also for such as only shows when it runs. */
  readonly waits: boolean
  readonly mostSteps: number
  readonly longestMs: number
}

const of = <T extends string>(chosen: readonly string[], all: readonly T[]) =>
  all.filter((kind) => chosen.includes(kind))

/** Of no events there is no arbitrary. */
function sends(fc: FastCheck, events: readonly EventSource[]) {
  if (events.length === 0) return []
  const event = fc.oneof(...events.map((one) => (isArbitrary(one) ? one : fc.constant(one))))
  return [{ weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), event }) as Arbitrary<Step> }]
}

/** What an author's world does, with interruptions of these kinds in several ways. */
export function families(fc: FastCheck, source: PlanSource): Arbitrary<Family> {
  const { kinds, mostSteps } = source
  const any = fc.integer({ min: 1, max: source.longestMs })
  const ms = source.delaysMs.length === 0 ? any : fc.oneof(any, fc.constantFrom(...source.delaysMs))
  // What changes the time or the version is what the twin lives through too.
  const shared: Step['do'][] = [...of(kinds, TIME_KINDS), ...of(kinds, ['upgrade'] as const)]
  const author: Arbitrary<Draft> = fc.oneof(
    ...sends(fc, source.events),
    { weight: 2, arbitrary: fc.record({ do: fc.constant('advance' as const), ms }) },
    // What waits for a short time would be passed over by most others.
    ...(source.waits
      ? [{ weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), half: fc.boolean(), ms }) }]
      : []),
    ...shared.map((kind) => ({
      weight: kind === 'upgrade' ? 2 : 1,
      // The cast puts together again what the kind has parted.
      arbitrary: (kind === 'upgrade'
        ? fc.constant({ do: kind })
        : fc.record({ do: fc.constant(kind), ms })) as Arbitrary<Step>,
    })),
  )
  const rest = of(kinds, REST_KINDS).filter((kind) => kind !== 'upgrade')
  // Where nothing is sent, nothing is on its way.
  const cutting = source.events.length === 0 ? rest : [...rest, ...of(kinds, EVENT_KINDS)]
  const most = Math.max(1, Math.ceil(mostSteps / 3))
  const cuts: Arbitrary<Cut[]> =
    cutting.length === 0
      ? fc.constant<Cut[]>([])
      : fc.array(
          fc.record({
            place: fc.nat(mostSteps),
            kind: fc.constantFrom(...cutting),
            at: fc.constantFrom(...CRASH_POINTS),
          }),
          { minLength: 1, maxLength: most },
        )
  return fc
    .record({
      author: fc.array<Draft>(author, { minLength: 1, maxLength: Math.max(1, mostSteps - most) }),
      // Longer than it will be: most have their full size, and yet shrink to one.
      ways: fc.array(cuts, { minLength: 1, maxLength: 2 * FAMILY_SIZE }),
    })
    .map(({ author, ways }) => ({ author, ways: ways.slice(0, FAMILY_SIZE) }))
}
