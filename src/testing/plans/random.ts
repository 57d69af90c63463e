import type { Arbitrary } from 'fast-check'
import type { FastCheck } from '../fast-check.js'
import { MOST_PICK } from './choose.js'
import type { Draft } from './drafts.js'
import { type EventSource, isArbitrary } from './events.js'
import {
  CRASH_POINTS,
  DUE_KINDS,
  EVENT_KINDS,
  type InterruptionKind,
  REST_KINDS,
  type Step,
  TIME_KINDS,
} from './steps.js'
import type { Cut } from './weave.js'

/** Plans that differ in their interruptions alone, so that one twin serves all of them. */
export interface Family {
  readonly author: readonly Draft[]
  /** Where on the way to a far state it begins, where it does. */
  readonly part: number
  /** The interruptions of each plan. */
  readonly ways: readonly (readonly Cut[])[]
}

/** How many plans share a twin. */
export const FAMILY_SIZE = 4

/** Most interruptions among so many steps. */
export const mostCuts = (steps: number): number => Math.max(1, Math.ceil(steps / 3))

/** How plans are made. */
export interface PlanSource {
  readonly events: readonly EventSource[]
  readonly kinds: readonly InterruptionKind[]
  /** Times after which something is due in the machine, in ms. */
  readonly delaysMs: readonly number[]
  /** Whether it may wait for a time to pass, also for such as only shows when it runs. */
  readonly waits: boolean
  /** Beside those of a way with which a plan begins. */
  readonly mostSteps: number
  /** Of the longest way with which a plan begins. */
  readonly openingSteps: number
  /** Fewest steps of the author's. */
  readonly fewest: number
  readonly longestMs: number
}

const of = <T extends string>(chosen: readonly string[], all: readonly T[]) =>
  all.filter((kind) => chosen.includes(kind))

/** Of no events there is no arbitrary. */
function sends(fc: FastCheck, events: readonly EventSource[]) {
  if (events.length === 0) return []
  const arbitrary: Arbitrary<Draft> = fc.record({
    do: fc.constant('choose' as const),
    // Small numbers come as often as others.
    pick: fc.noBias(fc.nat(MOST_PICK)),
    data: fc.tuple(...events.filter(isArbitrary)),
  })
  return [{ weight: 6, arbitrary }]
}

/** What an author's world does, with interruptions of these kinds in several ways. */
export function families(fc: FastCheck, source: PlanSource): Arbitrary<Family> {
  const { kinds, mostSteps, openingSteps, fewest } = source
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
  // Where nothing is sent, only time is on its way.
  const cutting = [...rest, ...of(kinds, source.events.length === 0 ? DUE_KINDS : EVENT_KINDS)]
  const most = mostCuts(mostSteps)
  const cuts: Arbitrary<Cut[]> =
    cutting.length === 0
      ? fc.constant<Cut[]>([])
      : fc.array(
          fc.record({
            place: fc.noBias(fc.nat(mostSteps + openingSteps)),
            kind: fc.constantFrom(...cutting),
            at: fc.constantFrom(...CRASH_POINTS),
          }),
          { minLength: 1, maxLength: mostCuts(mostSteps + openingSteps) },
        )
  const maxLength = Math.max(1, mostSteps - most)
  return fc
    .record({
      author: fc.array<Draft>(author, { minLength: Math.min(fewest, maxLength), maxLength }),
      part: fc.nat(MOST_PICK),
      // Longer than it will be: most have their full size, and yet shrink to one.
      ways: fc.array(cuts, { minLength: 1, maxLength: 2 * FAMILY_SIZE }),
    })
    .map(({ ways, ...family }) => ({ ...family, ways: ways.slice(0, FAMILY_SIZE) }))
}
