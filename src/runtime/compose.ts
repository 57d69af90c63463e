import type { Changes, Identity } from '../checkpoint/brief.js'
import type { CommitRequest } from '../ports/store.js'
import type { ServiceDefinition } from '../service/definition.js'

/** What the checkpoints of a service's history have in common. */
export function identityOf(definition: ServiceDefinition, key: string, incarnation: string): Identity {
  const { id, version, machine, structure } = definition
  return { format: 1, service: id, version, machine: machine.id, structure, key, incarnation }
}

/** A sealed checkpoint as a store takes it. */
export function requestOf(
  { id, version }: Pick<ServiceDefinition, 'id' | 'version'>,
  key: string,
  changes: Pick<Changes, 'sequence' | 'savedAtMs' | 'phase' | 'timers'>,
  text: string,
): CommitRequest {
  const { sequence, savedAtMs, phase, timers } = changes
  return { key, service: id, version, sequence, savedAtMs, phase, wakeAtMs: wakeAtMs(phase, timers), text }
}

/** When a service that rests in this checkpoint must be woken; undefined when no timer will. */
function wakeAtMs(phase: Changes['phase'], timers: Changes['timers']): number | undefined {
  if (phase !== 'running' || timers.length === 0) return undefined
  // One after another: there may be more than a call takes arguments.
  const atMs = timers.reduce((soonest, { dueAtMs }) => Math.min(soonest, dueAtMs), Number.POSITIVE_INFINITY)
  // One that never comes due wakes nobody.
  return Number.isFinite(atMs) ? atMs : undefined
}
