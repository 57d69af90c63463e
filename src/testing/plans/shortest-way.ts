import { BrokenCaptureError, BrokenInvariantError, BrokenMigrationError } from '../../errors/testing.js'
import { shrink } from './shrink.js'
import type { Step } from './steps.js'
import type { Twins } from './twins.js'

/** What the twin itself has broken, though nothing interrupts it. */
export type BrokenByTwin = BrokenCaptureError<Step> | BrokenInvariantError<Step> | BrokenMigrationError<Step>

/** Whether the twin itself has broken something after steps that can be run again. */
export function isBrokenByTwin(error: unknown): error is BrokenByTwin {
  // Only plans have tokens, and their steps are the kit's.
  return (
    (error instanceof BrokenCaptureError ||
      error instanceof BrokenInvariantError ||
      error instanceof BrokenMigrationError) &&
    error.token !== undefined
  )
}

/** The same after the shortest steps that are found; what is not broken again is told as it was. */
export async function afterShortestWay(twins: Twins, broken: BrokenByTwin): Promise<BrokenByTwin> {
  let shortest = broken
  await shrink(broken.steps, async (steps) => {
    const again = await brokenBy(twins, steps)
    if (again?.code !== broken.code) return undefined
    shortest = again
    return again.steps
  })
  return shortest
}

async function brokenBy(twins: Twins, steps: readonly Step[]): Promise<BrokenByTwin | undefined> {
  try {
    await twins.along(steps)
  } catch (error) {
    if (isBrokenByTwin(error)) return error
  }
  return undefined
}
