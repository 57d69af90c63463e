import { InterruptionBugError } from '../../errors/testing.js'
import type { ServiceDefinition } from '../../service/definition.js'
import { ledByPlan } from '../plans/check-twin.js'
import { type Difference, runPlan } from '../plans/difference.js'
import { pointInWords } from '../plans/points.js'
import { shrink } from '../plans/shrink.js'
import { DIFFERED_ONCE } from '../plans/steady.js'
import type { InterruptionKind, Step } from '../plans/steps.js'
import { type Plan, tokenOf } from '../plans/token.js'
import type { Twins } from '../plans/twins.js'
import { unlike } from '../plans/unlike.js'
import { stepInWords } from '../plans/words.js'
import type { WorldOptions } from '../world/world.js'
import { Diagram } from './diagram.js'
import { startedAnew } from './started-anew.js'

/** Looks for the shortest plan that shows the same with interruptions of those kinds, and tells it. */
export async function counterexample(
  options: WorldOptions,
  twins: Twins,
  plan: Plan,
  kinds: readonly InterruptionKind[],
  seed: number | undefined,
): Promise<InterruptionBugError<Step>> {
  const shows = async (steps: readonly Step[]) => {
    const { difference } = await runPlan(options, twins, { ...plan, steps })
    return difference && steps.slice(0, difference.step)
  }
  const steps = await shrink(plan.steps, shows, kinds)
  return counterexampleAsItIs(options, twins, { ...plan, steps }, seed)
}

/** Tells a plan that shows something, as it is. */
export async function counterexampleAsItIs(
  options: WorldOptions,
  twins: Twins,
  plan: Plan,
  seed: number | undefined,
): Promise<InterruptionBugError<Step>> {
  const service = options.standIn.definition.id
  const diagram = new Diagram(service)
  const outcome = await runPlan(options, twins, plan, diagram.listen)
  const { difference } = outcome
  if (difference === undefined) {
    throw unlike(options, DIFFERED_ONCE, ledByPlan(options.standIn.definition, plan, plan.steps.length))
  }
  diagram.note(difference.told)
  return bug(
    options.standIn.definition,
    { ...plan, steps: plan.steps.slice(0, difference.step) },
    difference,
    startedAnew(outcome, difference.step),
    diagram,
    seed,
  )
}

function bug(
  definition: ServiceDefinition,
  plan: Plan,
  difference: Difference,
  hints: readonly string[],
  diagram: Diagram,
  seed: number | undefined,
): InterruptionBugError<Step> {
  const token = tokenOf(definition.id, plan, definition)
  const told = [
    `An interruption changed what ${definition.id} does.`,
    ...plan.steps.map((step, index) => `  ${index + 1}. ${stepInWords(step)}`),
    ...(plan.point === undefined
      ? []
      : [`With that: ${pointInWords(plan.point)}, a new process, and so on.`]),
    `After that, ${difference.told}.`,
    ...hints,
    `Token: ${token}${seed === undefined ? '' : `\nSeed: ${seed}`}`,
    'As a diagram (Mermaid):',
    `${diagram}`,
  ].join('\n')
  const facts = { service: definition.id }
  return new InterruptionBugError(plan.steps, difference.told, token, `${diagram}`, told, facts, seed)
}
