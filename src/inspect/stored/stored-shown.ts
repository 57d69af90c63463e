import { nextDeadlineIn } from '../../checkpoint/next-deadline.js'
import { tryPeek, tryPeekWhole } from '../../checkpoint/peek.js'
import type { CheckpointSummary, StoredCheckpoint } from '../../ports/store.js'
import { problemFrom } from '../problem.js'
import type { Hide } from '../redact.js'
import { type Shown, shown } from '../shown.js'
import type { StoredCheckpointShown, StoredService } from '../stream/message.js'
import type { StoredState } from '../stream/state.js'
import { STREAM_LIMITS } from '../stream/view.js'
import { stateIn } from './stored-state.js'
import { decodeStored } from './stored-values.js'

/** A service as its newest checkpoint has it; of one whose text is not at hand, what its summary says. */
export function serviceShown(
  summary: CheckpointSummary,
  stored: StoredCheckpoint | undefined,
  hide: Hide,
): StoredService {
  const { key, service, version, sequence, epoch, savedAtMs, phase, wakeAtMs, size } = summary
  const facts = { key, definition: service, version, checkpoint: sequence, epoch, savedAtMs, phase, size }
  const told = wakeAtMs === undefined ? facts : { ...facts, wakeAtMs }
  if (stored === undefined) return told
  const peeked = tryPeek(stored)
  if ('error' in peeked) return { ...told, damage: problemFrom(peeked.error) }
  const { root, holds, timers } = peeked.record
  const deadlineAtMs = nextDeadlineIn(timers)
  return {
    ...told,
    ...(deadlineAtMs === undefined ? {} : { deadlineAtMs }),
    value: shown(root.snapshot.value, 'value', hide),
    holds: [...holds],
  }
}

/** A kept checkpoint, with what stands in it; of the newest, with how its service stands. */
export function checkpointShown(
  summary: CheckpointSummary,
  stored: StoredCheckpoint,
  hide: Hide,
  isNewest: boolean,
): StoredCheckpointShown {
  const seen = serviceShown(summary, stored, hide)
  const peeked = tryPeekWhole(stored, decodeStored)
  if ('error' in peeked) return seen
  const { record, isWhole } = peeked
  const hidden = isWhole ? hide : hidingPairs(hide)
  const told = { ...seen, record: recordShown(record, hidden) }
  return isNewest ? { ...told, state: stateIn(record, hidden) } : told
}

/** How a service stands that rests in a checkpoint; undefined where that cannot be read. */
export function restShown(stored: StoredCheckpoint, hide: Hide): StoredState | undefined {
  const peeked = tryPeekWhole(stored, decodeStored)
  if ('error' in peeked) return undefined
  return stateIn(peeked.record, peeked.isWhole ? hide : hidingPairs(hide))
}

/** Its root's snapshot has the fields of a live one, and the same paths lead to them. */
function recordShown(record: object, hide: Hide): Shown {
  return shown(record, 'record', (value, [, ...path]) => hide(value, withoutPlace(path)), STREAM_LIMITS)
}

function hidingPairs(hide: Hide): Hide {
  return (value, path) => pairHidden(hide(value, path), path, hide)
}

/** A map is a list of pairs in a record that could not be decoded, and its keys are names. What only looks like a pair is hidden likewise. */
function pairHidden(value: unknown, path: readonly string[], hide: Hide): unknown {
  if (!Array.isArray(value) || value.length !== 2) return value
  const [key, inside]: readonly unknown[] = value
  return typeof key === 'string' ? [key, hide(inside, [...path.slice(0, -1), key])] : value
}

/** Where the parts of a record begin that have the names by which a redaction knows them. */
const PARTS = ['context', 'event', 'input', 'output', 'error', 'params']

/** The path from the part on, as it is when the same is told of a living service. */
function withoutPlace(path: readonly string[]): readonly string[] {
  const at = path.findIndex((name) => PARTS.includes(name))
  return at === -1 ? path : path.slice(at)
}
