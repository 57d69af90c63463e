import type { Draft } from './drafts.js'
import type { Way } from './graph.js'

/** What plans by chance begin with: ways to states that lie far. */
export type Opening = readonly Draft[]

/** So many steps chance goes by itself. */
const FAR = 3

/** Longest beginning. */
const LONGEST = 200

/**
 * As few ways as lead to all states, the farthest first: whoever goes there comes by those on the way. How long is waited on
 * it the twin says again, where a plan goes it.
 */
export function openingsOf(ways: ReadonlyMap<string, Way>): readonly Opening[] {
  const passed = new Set<string>()
  const far = [...ways].filter(([, { steps }]) => steps.length >= FAR && steps.length <= LONGEST)
  return far
    .sort(([, one], [, other]) => other.steps.length - one.steps.length)
    .flatMap(([id, { steps }]) => {
      if (passed.has(id)) return []
      for (const { to } of steps) for (const active of to?.state.active ?? []) passed.add(active)
      return [steps.map(({ step }) => asDraft(step))]
    })
}

function asDraft(step: Way['steps'][number]['step']): Draft {
  return step.do === 'advance' ? { do: 'wait', half: false, ms: step.ms } : step
}

/** What of the ways plans take. */
export interface Begins {
  readonly openings: readonly Opening[]
  /** Which of the plans it is, counted from 0. */
  readonly number: number
  /** How far on the way it begins, counted round. */
  readonly part: number
  /** Most steps in all. */
  readonly most: number
}

/** Of three plans one is as it is, one goes all the way to a far state before, and one a part of it. */
export function opened(drafts: readonly Draft[], { openings, number, part, most }: Begins): readonly Draft[] {
  const opening = openings[Math.floor(number / 3) % openings.length] ?? []
  const length = [0, opening.length, opening.length === 0 ? 0 : part % opening.length][number % 3]
  const begun = opening.slice(0, Math.min(length ?? 0, most - 1))
  return [...begun, ...drafts.slice(0, most - begun.length)]
}
