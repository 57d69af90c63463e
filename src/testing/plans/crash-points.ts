import type { EventObject } from 'xstate'
import type { WorldOptions } from '../world/world.js'
import { runPlan } from './difference.js'
import type { AuthorStep, Step } from './steps.js'
import { COMMIT_FATES, EFFECT_FATES, type Plan } from './token.js'
import type { Twins } from './twins.js'
import { stepInWords } from './words.js'

/** What the author sends one after another: events, and times that pass. */
export type Sequence<TEvent extends EventObject = EventObject> = readonly (TEvent | AuthorStep<TEvent>)[]

/** The sequence as steps of a plan. */
export function stepsOfSequence(sequence: Sequence): readonly Step[] {
  return sequence.map((one) =>
    // What has a type is an event; all else is a step by the options' types, which `checkOptions` has held.
    'type' in one ? { do: 'send', event: one as EventObject } : (one as AuthorStep),
  )
}

/** What a sequence is made into. */
interface CrashPlans {
  readonly plans: readonly Plan[]
  /** The steps in words. */
  readonly steps: readonly string[]
  /** The states in which the twin was, in words. */
  readonly states: readonly string[]
}

/** The sequence with every moment in which something of it becomes durable or happens outside. */
export async function crashPlans(
  options: WorldOptions,
  twins: Twins,
  sequence: Sequence,
): Promise<CrashPlans> {
  const steps = stepsOfSequence(sequence)
  // Uninterrupted, to count them.
  const { commits, effects, twin } = await runPlan(options, twins, { steps })
  return {
    plans: [
      ...upTo(commits).flatMap((commit) => COMMIT_FATES.map((fate) => ({ steps, point: { commit, fate } }))),
      ...upTo(effects).flatMap((effect) => EFFECT_FATES.map((fate) => ({ steps, point: { effect, fate } }))),
    ],
    steps: steps.map(stepInWords),
    states: [...new Set(twin.map(({ state }) => state))],
  }
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1)
