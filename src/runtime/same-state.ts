import type { CheckpointRecord } from '../checkpoint/record.js'
import type { TreeCodec } from '../xstate/codec.js'
import { decodeCheckpoint } from './read.js'

/**
 * Whether a checkpoint goes on from where an older one does: its actors are as they were, and nothing is to come in it
 * that was not to come in the older one. One that cannot be read is like no other.
 */
export function isSameState(newer: string, older: string, codec: TreeCodec): boolean {
  try {
    const [a, b] = [decodeCheckpoint(newer, codec).record, decodeCheckpoint(older, codec).record]
    const text = (value: unknown) => codec.encode(value, undefined)
    const known = new Set([...toCome(b)].map(text))
    return text(a.root) === text(b.root) && [...toCome(a)].every((coming) => known.has(text(coming)))
  } catch {
    // A step back onto it tells why.
    return false
  }
}

/** What a checkpoint holds beside its actors. When a timer is due may change from life to life. */
function* toCome({ outbox, inbox, timers }: CheckpointRecord): Iterable<unknown> {
  for (const { key } of outbox) yield { effect: key }
  for (const { event, key, atMs } of inbox) yield { event, key, atMs }
  for (const { source, target, id, event, delayMs } of timers) yield { source, target, id, event, delayMs }
}
