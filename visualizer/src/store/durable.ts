import type { ServiceState } from '../../../src/inspect/stream/state.js'
import type { Moments } from './moments.js'
import { fieldOf } from './values.js'

/** What the store had of a service at a moment, as far as its history tells. */
export type Durable =
  | { readonly type: 'none' }
  | { readonly type: 'unknown' }
  | {
      readonly type: 'checkpoint'
      readonly checkpoint: number
      /** As it was recorded, in whichever life. */
      readonly commit?: NonNullable<ServiceState['commit']>
    }
  /** The newest one cannot be read. */
  | { readonly type: 'damaged'; readonly checkpoint?: number }

const DAMAGED = 'damaged'

/** The newest checkpoint that there was at the moment of this index: of the life then, or where it had none yet, of those before. */
export function durableAt(moments: Moments, index: number): Durable {
  const state = moments.stateAt(index)
  const isDamaged = isDamage(state?.failure)
  if (state?.commit !== undefined && !isDamaged) return of(state.commit)
  const from = isDamaged ? DAMAGED : (state?.revivedFrom ?? foundAfter(moments, index))
  if (from !== DAMAGED) return commitBefore(moments, index, from)
  const newest = commitBefore(moments, index, undefined)
  return newest.type === 'checkpoint'
    ? { type: 'damaged', checkpoint: newest.checkpoint }
    : { type: 'damaged' }
}

/** What the life of a moment then found in the store: the checkpoint that it went on from, 0 for none, or that it is damaged; undefined where it does not come to that. */
function foundAfter(moments: Moments, index: number): number | typeof DAMAGED | undefined {
  for (let at = index; at < moments.length; at++) {
    const moment = moments.at(at)
    if (moment?.type !== 'entry') return undefined
    const { entry } = moment
    if (entry.kind === 'service' && at > index) return undefined
    if (entry.kind === 'revived') return entry.checkpoint
    if (entry.kind === 'lifecycle' && entry.state === 'failed')
      return isDamage(entry.failure) ? DAMAGED : undefined
  }
  return undefined
}

/** `checkpoint`: its number, where that is known. */
function commitBefore(moments: Moments, index: number, checkpoint: number | undefined): Durable {
  let wanted = checkpoint
  for (let at = index; at >= 0 && wanted !== 0; at--) {
    const moment = moments.at(at)
    if (moment === undefined || moment.type === 'gap') {
      if (wanted === undefined) return { type: 'unknown' }
      continue
    }
    const told = moment.type === 'base' ? moment.state.commit : undefined
    const entry = moment.type === 'entry' ? moment.entry : undefined
    const commit = entry?.kind === 'commit' && entry.ok ? entry : told
    if (commit !== undefined && (wanted ?? commit.checkpoint) === commit.checkpoint) return of(commit)
    // What was there before a removal is there no more, whatever its number is.
    if (entry?.kind === 'removed') return wanted === undefined ? { type: 'none' } : numbered(wanted)
    // An earlier one where the newer ones were set aside.
    if (moment.type === 'base') wanted ??= moment.state.revivedFrom
    if (entry?.kind === 'revived') wanted ??= entry.checkpoint
  }
  if (wanted === 0) return { type: 'none' }
  return wanted === undefined ? { type: 'unknown' } : numbered(wanted)
}

function of(commit: NonNullable<ServiceState['commit']>): Durable {
  return { type: 'checkpoint', checkpoint: commit.checkpoint, commit }
}

function numbered(checkpoint: number): Durable {
  return { type: 'checkpoint', checkpoint }
}

/** Whether it failed since its checkpoint cannot be used at all. */
function isDamage(failure: unknown): boolean {
  return ['DAMAGED_CHECKPOINT', 'INVALID_CHECKPOINT'].includes(String(fieldOf(failure, 'code')))
}
