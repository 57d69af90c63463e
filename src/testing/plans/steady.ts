import type { WorldOptions } from '../world/world.js'
import { ledByPlan } from './check-twin.js'
import { runPlan } from './difference.js'
import type { Plan } from './token.js'
import type { Twins } from './twins.js'
import { unlike } from './unlike.js'

/** How often a plan is run again before an interruption is accused. */
const TIMES = 3

/** Of a plan that shows nothing when it is run again. */
export const DIFFERED_ONCE = 'this differed once and then no more'

/**
 * What an interruption changes it changes each time: the plan must differ again after the same step, and its twin, which is
 * run anew each time too, must be like itself. Which value differs may be chance's.
 * @throws {FlakyMachineError} it is not so, or {UnverifiableError} by what runs as written
 */
export async function checkSteady(options: WorldOptions, twins: Twins, plan: Plan): Promise<void> {
  let first: number | undefined
  for (let time = 0; time < TIMES; time++) {
    const { difference } = await runPlan(options, twins, plan)
    if (time === 0) first = difference?.step
    if (difference !== undefined && difference.step === first) continue
    const steps = [first, difference?.step].filter((step) => step !== undefined)
    const step = steps.length === 0 ? plan.steps.length : Math.min(...steps)
    throw unlike(options, DIFFERED_ONCE, ledByPlan(options.standIn.definition, plan, step))
  }
}
