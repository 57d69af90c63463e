import { FlakyMachineError } from '../../errors/testing.js'
import { checkTwin } from './difference.js'
import { shrink } from './shrink.js'
import type { Step } from './steps.js'
import { Twins } from './twins.js'

/** Longer ways, as those to states without end, are told as they were found. */
const MOST_STEPS = 100

/** The same with the seed that finds it again. */
export function ofSeed(error: unknown, seed: number | undefined): unknown {
  if (!(error instanceof FlakyMachineError) || seed === undefined) return error
  const { difference, led, service, cause, circumstances } = error
  return new FlakyMachineError(difference, led, { service, cause }, { ...circumstances, seed })
}

/**
 * The same after the fewest steps that are found. Where it differs with interruptions alone, or each life has a process of its own
 * and takes long, it is told as it was found.
 */
export async function afterFewestSteps(
  { options }: Twins,
  flaky: FlakyMachineError<Step>,
): Promise<FlakyMachineError<Step>> {
  if (options.process !== undefined || flaky.token === undefined || flaky.steps.length > MOST_STEPS)
    return flaky
  let fewest = flaky
  const shows = async (steps: readonly Step[]) => {
    const again = await flakyAfter(new Twins(options), steps)
    if (again !== undefined) fewest = again
    return again?.steps
  }
  const first = await shows(flaky.steps)
  if (first !== undefined) await shrink(first, shows)
  return fewest
}

async function flakyAfter(
  twins: Twins,
  steps: readonly Step[],
): Promise<FlakyMachineError<Step> | undefined> {
  try {
    await checkTwin(twins.options, twins, steps)
  } catch (error) {
    // What else is wrong after fewer steps is not what was found.
    if (error instanceof FlakyMachineError) return error
  }
  return undefined
}
