import type { ActorRecord, CheckpointRecord } from '../../checkpoint/record.js'
import { PROGRAM } from '../../service/holds.js'
import type { Hide } from '../redact.js'
import { type Shown, shown } from '../shown.js'
import type { ActorState, StoredState } from '../stream/state.js'
import { fieldsShown, MACHINE_FIELDS, STREAM_LIMITS } from '../stream/view.js'

/** How a service stands as a checkpoint has it: what is shown of a living one, as far as the record tells it. */
export function stateIn(record: CheckpointRecord, hide: Hide): StoredState {
  const { service, version, phase, sequence, failure, root, holds, timers, inbox, outbox } = record
  const told = (value: unknown, part: string): Shown => shown(value, part, hide, STREAM_LIMITS)
  return {
    definition: service,
    version,
    lifecycle: phase,
    ...(failure === undefined ? {} : { failure: told(failure, 'failure') }),
    revivedFrom: sequence,
    // It keeps none but those of the program.
    holds: holds.map((hold) => ({ hold, by: PROGRAM, asker: 'unrecorded' })),
    actors: actorsOf(root, [], hide),
    timers: timers.map(({ source, target, id, event, delayMs, dueAtMs, remainingMs, policy }) => ({
      actor: source,
      id,
      target,
      event: told(event, 'event'),
      delayMs,
      dueAtMs,
      remainingMs,
      policy,
    })),
    inbox: inbox.map(({ event, key }) => ({
      event: told(event, 'event'),
      ...(key === undefined ? {} : { eventKey: key }),
    })),
    outbox: outbox.map(({ key, kind, actor, type, params }, index) => ({
      effect: index + 1,
      effectKind: kind,
      actor,
      name: type,
      ...(params === undefined ? {} : { params: told(params, 'params') }),
      running: false,
      effectKey: key,
    })),
  }
}

function actorsOf(
  { src, snapshot, children = [] }: ActorRecord,
  path: readonly string[],
  hide: Hide,
): readonly ActorState[] {
  // A machine's keeps the nodes of its states as well, which its value tells.
  const names = 'value' in snapshot ? MACHINE_FIELDS : Object.keys(snapshot)
  return [
    { actor: path, logic: src, snapshot: fieldsShown(snapshot, names, hide) },
    ...children.flatMap((child) => actorsOf(child, [...path, child.id], hide)),
  ]
}
