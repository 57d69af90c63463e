import type { CheckpointRecord, FailureRecord } from './record.js'

type List = 'holds' | 'timers' | 'inbox' | 'outbox' | 'eventKeys'

/** A record as it is written: without the lists that are empty, which in most checkpoints is all of them. */
export type BriefRecord = Omit<CheckpointRecord, List> & Partial<Pick<CheckpointRecord, List>>

/** What all checkpoints of one history have in common. */
export type Identity = Pick<
  CheckpointRecord,
  'format' | 'service' | 'version' | 'machine' | 'structure' | 'key' | 'incarnation'
>

/** What each of them says anew. */
export interface Changes extends Omit<CheckpointRecord, keyof Identity | 'failure'> {
  readonly failure: FailureRecord | undefined
}

/** The members of the identity as they are written: the same text at the head of many records. */
export function identityHead(identity: Identity): string {
  const { format, service, version, machine, structure, key, incarnation } = identity
  // In this order, whatever else the object holds.
  const text = JSON.stringify({ format, service, version, machine, structure, key, incarnation })
  return `${text.slice(1, -1)},`
}

/** The changes as they are written, after the identity. */
export function brief(changes: Changes): Omit<BriefRecord, keyof Identity> {
  const { sequence, epoch, savedAtMs, phase, failure, root, holds, timers, inbox, outbox, eventKeys } =
    changes
  const written: { -readonly [Key in keyof BriefRecord as Exclude<Key, keyof Identity>]: BriefRecord[Key] } =
    failure === undefined
      ? { sequence, epoch, savedAtMs, phase, root }
      : { sequence, epoch, savedAtMs, phase, failure, root }
  if (holds.length > 0) written.holds = holds
  if (timers.length > 0) written.timers = timers
  if (inbox.length > 0) written.inbox = inbox
  if (outbox.length > 0) written.outbox = outbox
  if (eventKeys.length > 0) written.eventKeys = eventKeys
  return written
}

/** The record that was written so. */
export function whole(written: BriefRecord): CheckpointRecord {
  return { holds: [], timers: [], inbox: [], outbox: [], eventKeys: [], ...written }
}
