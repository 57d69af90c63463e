import * as v from 'valibot'
import { InvalidCheckpointError } from '../errors/checkpoint.js'
import { type BriefRecord, whole } from './brief.js'
import { isReservedKey } from './codec/keys.js'
import type { ActorRecord, CheckpointRecord } from './record.js'

const text = v.string()
const count = v.pipe(
  v.number(),
  v.check((value) => Number.isSafeInteger(value) && value >= 0, 'no count'),
)
const time = v.number()
/** A point in time that a Date can show. */
const instant = v.pipe(
  v.number(),
  v.check((value) => Math.abs(value) <= 8.64e15, 'no date'),
)
const event = v.looseObject({ type: text })

const NO_ID = 'a reserved or empty id'
const path = v.array(v.pipe(text, v.check(isActorId, NO_ID)))

/** Whether an actor of this id can be kept in a checkpoint. Ids become property names of plain objects, so those that reach a prototype are no ids. */
export function isActorId(id: string): boolean {
  return id !== '' && !isReservedKey(id)
}

const actor: v.GenericSchema<ActorRecord> = v.strictObject({
  id: text,
  src: text,
  // XState takes an empty one for none.
  systemId: v.exactOptional(
    v.pipe(
      text,
      v.check((id) => id !== '', NO_ID),
    ),
  ),
  syncSnapshot: v.exactOptional(v.boolean()),
  workKey: v.exactOptional(text),
  snapshot: v.looseObject({ status: v.picklist(['active', 'done', 'error', 'stopped']) }),
  children: v.exactOptional(
    v.array(
      v.pipe(
        v.lazy(() => actor),
        v.check(({ id }) => isActorId(id), NO_ID),
      ),
    ),
  ),
})

const timer = v.strictObject({
  source: path,
  target: path,
  id: text,
  event,
  delayMs: time,
  dueAtMs: time,
  remainingMs: time,
  policy: v.picklist(['deadline', 'remaining', 'restart']),
})

const inboxEntry = v.strictObject({ event, atMs: instant, key: v.exactOptional(text) })

const outboxEntry = v.strictObject({
  key: text,
  kind: v.picklist(['action', 'emit', 'log', 'deliver']),
  actor: path,
  logic: v.exactOptional(v.array(text)),
  type: text,
  params: v.exactOptional(v.unknown()),
  event,
  context: v.exactOptional(v.unknown()),
})

const record = v.strictObject({
  format: v.literal(1),
  service: text,
  key: text,
  version: count,
  machine: text,
  structure: text,
  incarnation: text,
  sequence: count,
  epoch: count,
  savedAtMs: instant,
  phase: v.picklist(['running', 'paused', 'stopped', 'failed', 'done']),
  holds: v.exactOptional(v.array(text)),
  root: actor,
  timers: v.exactOptional(v.array(timer)),
  inbox: v.exactOptional(v.array(inboxEntry)),
  outbox: v.exactOptional(v.array(outboxEntry)),
  eventKeys: v.exactOptional(v.array(text)),
  failure: v.exactOptional(
    v.strictObject({ name: text, message: text, atMs: instant, inboxAt: v.exactOptional(count) }),
  ),
})

/**
 * Checks the shape of a decoded record. Whether it fits a machine is checked where machines are known.
 * @throws {InvalidCheckpointError} with the path to the first misfit
 */
export function checkRecord(value: unknown): CheckpointRecord {
  const result = v.safeParse(record, value, { abortEarly: true })
  if (!result.success) {
    const issue = result.issues[0]
    throw new InvalidCheckpointError(v.getDotPath(issue) ?? 'the record', issue.message)
  }
  const { phase, root } = result.output
  if (phase === 'done' && root.snapshot.status !== 'done') {
    throw new InvalidCheckpointError('phase', 'the service is done, and its machine is not')
  }
  // The input itself, not valibot's output: its copy of the tree would cut shared references apart.
  return whole(value as BriefRecord)
}
