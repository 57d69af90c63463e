import type { EventObject } from 'xstate'
import { conductorOf, type Service } from '../runtime/service.js'
import type { SendOutcome } from './protocol.js'

/**
 * Sends an event and tells what came of it, when that is durable. A machine ignores an event when no transition
 * of its state takes it; its snapshot then stays the same.
 * @throws what `Service.send` rejects with
 */
export async function sendTo(
  service: Service,
  event: unknown,
  eventKey: string | undefined,
): Promise<SendOutcome> {
  const conductor = conductorOf(service)
  const { keys, inbox } = conductor.engine.intake
  const { value: phase } = service.getSnapshot()
  const seen = eventKey !== undefined && keys.has(eventKey)
  const slept = conductor.sleep.asleep
  const before = snapshotOf(service)
  const taken = takes(before, event)
  // `send` itself refuses what is no event. Running machines take it before the call returns.
  const durable = service.send(event as EventObject, eventKey === undefined ? {} : { key: eventKey })
  const after = snapshotOf(service)
  await durable
  if (seen) return 'seen'
  // One that slept goes on with it, unless something holds it meanwhile.
  if (phase !== 'running' || (slept && inbox.size > 0)) return 'kept'
  return taken || after !== before ? 'applied' : 'ignored'
}

type MachineSnapshot = ReturnType<Service['machine']['getSnapshot']>

/** Undefined before the service was revived for the first time. */
export function snapshotOf(service: Service): MachineSnapshot | undefined {
  try {
    return service.machine.getSnapshot()
  } catch {
    return undefined
  }
}

function takes(snapshot: MachineSnapshot | undefined, event: unknown): boolean {
  try {
    return snapshot === undefined || snapshot.can(event as EventObject)
  } catch {
    // What a guard throws, it throws again when the event is applied, and is told then.
    return true
  }
}
