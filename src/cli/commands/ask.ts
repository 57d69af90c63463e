import { callControl } from '../../control/call.js'
import { OwnerUnreachableError } from '../../control/errors.js'
import type { ControlRequest, ServiceStanding } from '../../control/protocol.js'
import { EXIT } from '../exit-codes.js'
import { argument, printable, stateText } from '../format.js'
import { type Output, toJson } from '../output.js'
import { ownerStatus } from '../owner.js'
import { phaseColor } from '../phase-color.js'
import { existingPlace, loadExisting, withReader } from '../store.js'

/** The requests that are about one service and tell where it stands afterwards. */
export type StandingRequest = Extract<ControlRequest, { type: 'send' | 'pause' | 'resume' | 'retry' }>

/**
 * `tardigrade send`, `pause`, `resume` and `retry`: asks the owner, and prints where the service stands.
 * @throws {KeyNotFoundError | OwnerUnreachableError} and what the owner refuses with
 */
export async function ask(
  output: Output,
  request: StandingRequest,
  { store }: { readonly store: string },
): Promise<number> {
  const { folder } = existingPlace(store)
  const standing = await callControl(folder, request).catch((error: unknown) => {
    if (error instanceof OwnerUnreachableError) return explain(error, request, store)
    throw error
  })
  tell(output, standing)
  // The event that was sent is durable, whatever came of it; a retry is done when the service goes on.
  return request.type === 'retry' && standing.state === 'failed' ? EXIT.failed : EXIT.done
}

function tell(output: Output, standing: ServiceStanding): void {
  if (output.json) {
    output.out(toJson(standing))
    return
  }
  const { key, service, state, value, holds } = standing
  const held = holds.length === 0 ? '' : `, held by ${holds.join(', ')}`
  const at = value === undefined ? '' : ` in ${stateText(value)}`
  output.out(`${printable(`${service} ${key}`)}: ${phaseColor(output, state, state)}${printable(at + held)}`)
}

/** Nobody listened: says whether the key exists at all, who has the store, and what to start. */
function explain(error: OwnerUnreachableError, request: StandingRequest, store: string): Promise<never> {
  return withReader(store, async (reader, { folder }) => {
    const { service } = await loadExisting(reader, request.key, folder)
    const facts = { service, key: request.key, cause: error }
    const owner = await ownerStatus(reader, folder)
    if (owner.state === 'alive') {
      const reason = `process ${owner.pid} claimed it and still exists, but does not listen`
      const remedy = 'Call serveControl(supervisor, folder) in it, from `tardigrade/control`.'
      throw new OwnerUnreachableError(folder, reason, remedy, facts)
    }
    const again = request.type === 'retry' ? ` --retry${request.lastGood === true ? ' --last-good' : ''}` : ''
    const remedy = `Start it with \`tardigrade run MODULE --key ${argument(request.key)}${again}\`${again === '' ? ', then ask again' : ''}.`
    throw new OwnerUnreachableError(folder, 'no process has it open', remedy, facts)
  })
}
