import type { EventObject } from 'xstate'
import type { WorldOptions } from '../world/world.js'
import { runPlan } from './difference.js'
import type { AuthorStep, Step } from './steps.js'
import { COMMIT_FATES, EFFECT_FATES, type Plan } from './token.js'
import type { Twins } from './twins.js'

/** What the author sends one after another: events, and times that pass. */
export type Sequence<TEvent extends EventObject = EventObject> = readonly (TEvent | AuthorStep<TEvent>)[]

/** The sequence as steps of a plan. */
export function stepsOfSequence(sequence: Sequence): readonly Step[] {
  return sequence.map((one) =>
    'type' in one ? { do: 'send', event: one as EventObject } : (one as AuthorStep),
  )
}

/** The sequence with every moment in which something of it becomes durable or happens outside. */
export async function crashPlans(
  options: WorldOptions,
  twins: Twins,
  sequence: Sequence,
): Promise<readonly Plan[]> {
  const steps = stepsOfSequence(sequence)
  // Uninterrupted, to count them.
  const { commits, effects } = await runPlan(options, twins, { steps })
  return [
    ...upTo(commits).flatMap((commit) => COMMIT_FATES.map((fate) => ({ steps, point: { commit, fate } }))),
    ...upTo(effects).flatMap((effect) => EFFECT_FATES.map((fate) => ({ steps, point: { effect, fate } }))),
  ]
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1)
