import type { ChangeResult } from '../../control/protocol.js'
import { NothingLeftError } from '../../errors/cli.js'
import { outlivesProcess } from '../../service/interruptions.js'
import { askOwner, type StandingRequest } from '../ask-owner.js'
import { tellNote } from '../note.js'
import type { Output } from '../output.js'
import { tellStanding } from '../standing.js'

type ChangeRequest = Exclude<StandingRequest, { type: 'send' }>

/**
 * `tardigrade pause`, `resume` and `retry`: asks the owner, prints where the service stands, and says so where
 * nothing changed.
 * @throws {NothingLeftError} the service is done
 * @throws {KeyNotFoundError | OwnerUnreachableError} and what the owner refuses with
 */
export async function ask(
  output: Output,
  request: ChangeRequest,
  { store }: { readonly store: string },
): Promise<number> {
  const result = await askOwner(request, store)
  const { changed, begun, phase, service, key } = result
  if (phase === 'done' && !changed) throw new NothingLeftError(request.type, { service, key })
  const code = tellStanding(output, result)
  if (begun) tellNote(output, 'The process that has the store open had not begun it, and did so now.')
  const said = changed ? lasting(request) : unchanged(request, result)
  if (said !== undefined && !(begun && request.type === 'resume')) tellNote(output, said)
  return code
}

/** Why there was nothing to do. */
function unchanged(request: ChangeRequest, { phase, holds }: ChangeResult): string {
  if (request.type === 'retry')
    return `Nothing changed: the service is ${phase}, and only one that failed is retried.`
  const { hold = 'user' } = request
  if (request.type === 'pause') return `Nothing changed: ${hold} holds it already.`
  if (holds.includes(hold)) return `Nothing changed: the platform has set the hold ${hold}, and releases it.`
  return holds.length === 0
    ? 'Nothing changed: nothing holds it.'
    : `Nothing changed: ${hold} does not hold it; name one that does with --hold.`
}

/** What is to be known of a hold that was set. */
function lasting(request: ChangeRequest): string | undefined {
  if (request.type !== 'pause' || request.hold === undefined || outlivesProcess(request.hold))
    return undefined
  return `A hold named ${request.hold}, as platforms name theirs, ends with the process; one of another name lasts.`
}
