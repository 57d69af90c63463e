import { callControl } from '../control/call.js'
import { OwnerUnreachableError } from '../control/errors.js'
import type { ControlRequest, ControlResult } from '../control/protocol.js'
import { NothingLeftError } from '../errors/cli.js'
import { ServiceEndedError } from '../errors/service.js'
import type { Phase } from '../ports/store.js'
import { argument } from './format.js'
import { ownerStatus } from './owner.js'
import { existingPlace, loadExisting, withReader } from './store.js'

/** The requests that are about one service and tell where it stands afterwards. */
export type StandingRequest = Extract<ControlRequest, { type: 'send' | 'pause' | 'resume' | 'retry' }>

/**
 * Asks the process that owns the store.
 * @throws {KeyNotFoundError | ServiceEndedError | NothingLeftError | OwnerUnreachableError} nobody has it open
 * @throws what the owner refuses with
 */
export async function askOwner<Type extends StandingRequest['type']>(
  request: Extract<StandingRequest, { type: Type }>,
  store: string,
): Promise<ControlResult<Type>> {
  const { folder } = existingPlace(store)
  try {
    return await callControl<Type>(folder, request)
  } catch (error) {
    if (error instanceof OwnerUnreachableError) return explain(error, request, store)
    throw error
  }
}

/** Nobody listened: says whether the key exists at all, who has the store, and what to start. */
function explain(error: OwnerUnreachableError, request: StandingRequest, store: string): Promise<never> {
  return withReader(store, async (reader, { folder }) => {
    const { service, phase } = await loadExisting(reader, request.key, folder)
    const facts = { service, key: request.key, cause: error }
    const owner = await ownerStatus(reader, folder)
    if (owner.state === 'alive') {
      const reason = `process ${owner.pid} claimed it and still exists, but does not listen`
      const remedy =
        'Have it call serveControl(supervisor, folder), from `tardigrade/control`; or end it, and start the service with `tardigrade run MODULE`.'
      throw new OwnerUnreachableError(folder, reason, remedy, facts)
    }
    if (request.type === 'send' && phase === 'done') throw new ServiceEndedError(phase, facts)
    if (phase === 'done') throw new NothingLeftError(request.type, facts)
    const start = `\`tardigrade run MODULE --key ${argument(request.key)}${optionsFor(request, phase)}\``
    const remedy = `Start it with ${start}${request.type === 'retry' ? '' : ', or as the program that owns it; then ask again'}.`
    throw new OwnerUnreachableError(folder, 'no process has it open', remedy, facts)
  })
}

/** What `run` needs beside the key: one that has failed goes on only when it is told to. */
function optionsFor(request: StandingRequest, phase: Phase): string {
  if (request.type === 'retry') return request.lastGood === true ? ' --retry --last-good' : ' --retry'
  return phase === 'failed' ? ' --retry' : ''
}
