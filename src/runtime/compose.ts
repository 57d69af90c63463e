import type { CheckpointRecord, TreeRecord } from '../checkpoint/record.js'
import type { ServiceDefinition } from '../service/definition.js'

/** What the runtime adds to a tree and a definition to make a checkpoint. */
export type Circumstances = Pick<
  CheckpointRecord,
  'key' | 'sequence' | 'epoch' | 'savedAtMs' | 'phase' | 'holds' | 'inbox' | 'eventKeys' | 'failure'
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

/** When a service that rests in this checkpoint must be woken; undefined when no timer will. */
export function wakeAtMs(record: CheckpointRecord): number | undefined {
  if (record.phase !== 'running' || record.timers.length === 0) return undefined
  return Math.min(...record.timers.map(({ dueAtMs }) => dueAtMs))
}
