import { askOwner, type StandingRequest } from '../ask-owner.js'
import type { Output } from '../output.js'
import { tellStanding } from '../standing.js'

/**
 * `tardigrade pause`, `resume` and `retry`: asks the owner, and prints where the service stands.
 * @throws {KeyNotFoundError | OwnerUnreachableError} and what the owner refuses with
 */
export async function ask(
  output: Output,
  request: Exclude<StandingRequest, { type: 'send' }>,
  { store }: { readonly store: string },
): Promise<number> {
  return tellStanding(output, await askOwner(request, store))
}
