import type { WorldOptions } from '../world/world.js'
import { ledByPlan } from './check-twin.js'
import { runPlan } from './difference.js'
import { isDueStep, isInterruption, type Step } from './steps.js'
import type { Plan } from './token.js'
import type { Twins } from './twins.js'
import { unlike } from './unlike.js'

/**
 * What a plan shows without its interruptions too was not changed by them.
 * @throws {UnverifiableError} what runs as written keeps a time of its own
 * @throws {FlakyMachineError} nothing of that kind is in the machine
 */
export async function checkTimely(options: WorldOptions, twins: Twins, { steps }: Plan): Promise<void> {
  const plan = { steps: steps.flatMap(quiet) }
  const { difference } = await runPlan(options, twins, plan)
  if (difference !== undefined)
    throw unlike(options, difference.told, ledByPlan(options.standIn.definition, plan, difference.step))
}

/** What comes in the place of a step, without its interruption. */
function quiet(step: Step): readonly Step[] {
  if (!isInterruption(step)) return [step]
  if (isDueStep(step)) return [{ do: 'advance', ms: step.ms }]
  return 'event' in step ? [{ do: 'send', event: step.event }] : []
}
