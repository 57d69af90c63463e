import { FlakyMachineError } from '../errors/testing.js'
import { afterFewestSteps, ofSeed } from './plans/fewest-steps.js'
import { afterShortestWay, isBrokenByTwin } from './plans/shortest-way.js'
import type { Twins } from './plans/twins.js'
import type { FirstContexts } from './world/first-contexts.js'

/** What a verification has thrown, as what it is, and after the shortest way there. */
export async function asFound(error: unknown, twins: Twins, contexts: FirstContexts): Promise<unknown> {
  // Whoever begins with what another has left differs from it in whatever may be.
  const changed = await contexts.changed()
  if (changed !== undefined) return changed
  if (error instanceof FlakyMachineError) return ofSeed(await afterFewestSteps(twins, error), error.seed)
  return isBrokenByTwin(error) ? afterShortestWay(twins, error) : error
}
