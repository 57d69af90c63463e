import { machineValueOf, tryPeek } from '../../checkpoint/peek.js'
import { OwnerUnreachableError } from '../../control/errors.js'
import type { SendOutcome, SendResult } from '../../control/protocol.js'
import { ServiceEndedError } from '../../errors/service.js'
import { parseEvent } from '../arguments.js'
import { askOwner } from '../ask-owner.js'
import { printable } from '../format.js'
import type { Output } from '../output.js'
import { tellStanding } from '../standing.js'
import { loadExisting, withReader } from '../store.js'

export interface SendOptions {
  readonly store: string
  readonly eventKey?: string
}

/**
 * `tardigrade send KEY EVENT`: sends through the owner, and says what came of it. The exit code is 1 where the
 * service fails over it.
 * @throws {InvalidJsonError | InvalidEventError | ReservedEventError} EVENT is none
 * @throws {KeyNotFoundError | ServiceEndedError | OwnerUnreachableError} and what the owner refuses with
 */
export async function send(
  output: Output,
  key: string,
  text: string,
  { store, eventKey }: SendOptions,
): Promise<number> {
  const event = parseEvent(text, key)
  const result = await askOwner({ type: 'send', key, event, eventKey }, store).catch(async (error) => {
    const atRest = error instanceof OwnerUnreachableError || error instanceof ServiceEndedError
    const seen = atRest && eventKey !== undefined ? await seenBefore(store, key, eventKey) : undefined
    if (seen === undefined) throw error
    return seen
  })
  if (!output.json) output.out(printable(OUTCOMES[result.outcome](event.type)))
  return tellStanding(output, result)
}

const OUTCOMES: Readonly<Record<SendOutcome, (type: string) => string>> = {
  applied: (type) => `${type}: applied.`,
  ignored: (type) => `${type}: ignored. No transition takes it in this state; nothing changed.`,
  seen: (type) => `${type}: seen before, not applied again.`,
  kept: (type) => `${type}: kept in the durable inbox, and applied when the service runs.`,
}

/** Nobody has the store open, but the checkpoint remembers the keys that came. */
function seenBefore(store: string, key: string, eventKey: string): Promise<SendResult | undefined> {
  return withReader(store, async (reader, { folder }) => {
    const seen = tryPeek(await loadExisting(reader, key, folder))
    if (!('record' in seen) || !seen.record.eventKeys.includes(eventKey)) return undefined
    const { service, phase, holds } = seen.record
    return { outcome: 'seen', key, service, phase, state: machineValueOf(seen.record), holds }
  })
}
