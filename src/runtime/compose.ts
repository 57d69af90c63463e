import type { CheckpointRecord, TreeRecord } from '../checkpoint/record.js'
import type { CommitRequest } from '../ports/store.js'
import type { ServiceDefinition } from '../service/definition.js'

/** What the runtime adds to a tree and a definition to make a checkpoint. */
export type Circumstances = Pick<
  CheckpointRecord,
  | 'key'
  | 'incarnation'
  | 'sequence'
  | 'epoch'
  | 'savedAtMs'
  | 'phase'
  | 'holds'
  | 'inbox'
  | 'eventKeys'
  | 'failure'
>

/** Puts a checkpoint together. */
export function compose(
  definition: ServiceDefinition,
  { root, timers, outbox }: TreeRecord,
  circumstances: Circumstances,
): CheckpointRecord {
  return {
    format: 1,
    service: definition.id,
    version: definition.version,
    machine: definition.machine.id,
    structure: definition.structure,
    ...circumstances,
    root,
    timers,
    outbox,
  }
}

/** A sealed checkpoint as a store takes it. */
export function requestOf(record: CheckpointRecord, text: string): CommitRequest {
  const { key, service, version, sequence, savedAtMs, phase } = record
  return { key, service, version, sequence, savedAtMs, phase, wakeAtMs: wakeAtMs(record), text }
}

/** When a service that rests in this checkpoint must be woken; undefined when no timer will. */
function wakeAtMs(record: CheckpointRecord): number | undefined {
  if (record.phase !== 'running' || record.timers.length === 0) return undefined
  return Math.min(...record.timers.map(({ dueAtMs }) => dueAtMs))
}
