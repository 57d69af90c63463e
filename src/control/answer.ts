import { TardigradeError } from '../errors/base.js'
import type { Asker } from '../ports/inspector.js'
import { conductorOf, type Service } from '../runtime/service.js'
import type { Supervisor } from '../runtime/supervisor.js'
import { hasHold, PROGRAM } from '../service/holds.js'
import { armedIn, crash, crashIn } from './crash.js'
import { endListening } from './listening.js'
import type { ControlRequest, ControlResult, ServiceStanding, WireError } from './protocol.js'
import { sendTo, snapshotOf } from './send.js'

/** Most services that a reply names one by one. */
const MOST_NAMED = 100

/**
 * Carries a request out, for whoever has asked. What it resolves with is durable, as with the supervisor's own methods.
 * @throws what those methods reject with
 */
export async function carryOut(
  supervisor: Supervisor,
  request: ControlRequest,
  by: Asker,
): Promise<ControlResult> {
  switch (request.type) {
    case 'ping': {
      const pid = globalThis.process?.pid ?? 0
      const armed = armedIn(supervisor).slice(0, MOST_NAMED)
      const { sleeping } = supervisor
      return {
        pid,
        services: supervisor.services().length,
        sleeping,
        ...(armed.length > 0 && { armed }),
        ...(request.of !== undefined && saidOf(supervisor, request.of)),
      }
    }
    case 'stop':
      return stop(supervisor, request.deadlineMs)
    case 'checkpoint':
      return checkpoint(supervisor, request.key)
    case 'rm':
      await supervisor.remove(request.key)
      return { key: request.key }
    case 'crash':
      return crash()
    case 'interruptAt': {
      const { key, state } = request
      const replaced = crashIn(supervisor, await supervisor.get(key), state, by)
      return { key, ...(state !== undefined && { state }), ...(replaced !== undefined && { replaced }) }
    }
    case 'send': {
      const service = await supervisor.get(request.key)
      const outcome = await sendTo(service, request.event, request.eventKey)
      return { outcome, ...standing(service) }
    }
    default: {
      const begun = !supervisor.hasBegun(request.key)
      const service = await supervisor.get(request.key)
      const changed = await change(service, request, by)
      return { changed, ...(begun && { begun }), ...standing(service) }
    }
  }
}

/** What is said of the services under these keys. */
function saidOf(
  supervisor: Supervisor,
  keys: readonly string[],
): Pick<ControlResult<'ping'>, 'unbegun' | 'held'> {
  const asked = new Set(keys)
  const inMemory = supervisor.services().filter(({ key }) => asked.has(key))
  return {
    unbegun: keys.filter((key) => !supervisor.hasBegun(key)),
    held: inMemory.map((service) => ({ key: service.key, holds: service.getSnapshot().context.holds })),
  }
}

/** Resolves with whether there was anything to do. */
async function change(
  service: Service,
  request: Extract<ControlRequest, { type: 'pause' | 'resume' | 'retry' }>,
  by: Asker,
): Promise<boolean> {
  const { value, status, context } = service.getSnapshot()
  if (request.type === 'retry') {
    await service.retry({ lastGood: request.lastGood === true })
    return value === 'failed'
  }
  const { hold = 'user' } = request
  const held = hasHold(context.holders, { name: hold, by: PROGRAM })
  const asksForMore = request.type === 'pause' && value !== 'failed' && status === 'active'
  // Whoever inspects is told who it is that the program does this for.
  if (request.type === 'pause' ? asksForMore && !held : held)
    conductorOf(service).options.observe?.({ type: 'asked', hold, by })
  if (request.type === 'resume') {
    await service.resume(hold)
    return held
  }
  await service.pause(hold, request.deadlineMs === undefined ? {} : { deadlineMs: request.deadlineMs })
  return !held && status === 'active'
}

async function stop(supervisor: Supervisor, deadlineMs: number | undefined): Promise<ControlResult<'stop'>> {
  const closed = supervisor.close(deadlineMs === undefined ? {} : { deadlineMs })
  // Also where something of it failed: everything else was done.
  const { safe, unsafe } = await closed.finally(() => endListening(supervisor))
  const named = unsafe.slice(0, MOST_NAMED)
  return { safe: safe.length, unsafe: named.map(({ key, error }) => ({ key, message: error.message })) }
}

async function checkpoint(
  supervisor: Supervisor,
  key: string | undefined,
): Promise<ControlResult<'checkpoint'>> {
  const services = key === undefined ? supervisor.services() : [await supervisor.get(key)]
  await Promise.all(services.map((service) => service.checkpoint()))
  return { services: services.length }
}

function standing(service: Service): ServiceStanding {
  const { value: phase, context } = service.getSnapshot()
  const { failure } = context
  return {
    key: service.key,
    service: service.definition.id,
    phase,
    // A service that failed before it was revived has no machine to show.
    state: snapshotOf(service)?.value,
    holds: [...context.holds],
    ...(failure === undefined ? {} : { failure: toWire(failure) }),
  }
}

/** Names, codes and sentences cross the socket; stacks and causes stay where they are. */
export function toWire(error: unknown): WireError {
  if (error instanceof TardigradeError) {
    const { code, message, remedy, service, key } = error
    return { code, message, remedy, service, key }
  }
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) }
}
