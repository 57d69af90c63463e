import type { CheckpointRecord } from './record.js'

type List = 'holds' | 'timers' | 'inbox' | 'outbox' | 'eventKeys'

/** A record as it is written: without the lists that are empty, which in most checkpoints is all of them. */
export type BriefRecord = Omit<CheckpointRecord, List> & Partial<Pick<CheckpointRecord, List>>

/** The record as it is written. */
export function brief({ holds, timers, inbox, outbox, eventKeys, ...rest }: CheckpointRecord): BriefRecord {
  const written: { -readonly [Key in keyof BriefRecord]: BriefRecord[Key] } = rest
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
