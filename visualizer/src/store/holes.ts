import { counted } from '../chart/words.js'
import type { Moments } from '../store/moments.js'
import { isOfRecorder } from './epochs.js'

/** What came between is not known. */
export type Hole =
  | { readonly type: 'missing'; readonly entries: number }
  /** Checkpoints of a process that recorded nothing, from the first to the last of them. */
  | { readonly type: 'unrecorded'; readonly from: number; readonly to: number }
  /** Checkpoints that a process committed which recorded, and ended before it had recorded these. */
  | { readonly type: 'line'; readonly from: number; readonly to: number }
  /** How it stood is known, and not how it came there. */
  | { readonly type: 'unknown' }

/** The newest checkpoint of the store, where it was not recorded; `isLineLost`: by a process that recorded, and ended before. */
export interface Newest {
  readonly checkpoint: number
  readonly isLineLost: boolean
}

/** What is not known right before a moment; `checkpoint`: the newest one that was recorded before it. */
export function holeAt(moments: Moments, at: number, checkpoint: number | undefined): Hole | undefined {
  const moment = moments.at(at)
  if (moment === undefined) return undefined
  if (moment.type === 'gap') return { type: 'missing', entries: moment.missing }
  if (moment.type === 'base') return { type: 'unknown' }
  const { entry } = moment
  if (entry.kind !== 'revived' || checkpoint === undefined || entry.checkpoint <= checkpoint) return undefined
  return unrecorded(checkpoint, { checkpoint: entry.checkpoint, isLineLost: isOfRecorder(moments, at) })
}

/** The checkpoints after the newest one that is known. */
export function unrecorded(known: number, { checkpoint, isLineLost }: Newest): Hole {
  const from = Math.min(known + 1, checkpoint)
  return { type: isLineLost ? 'line' : 'unrecorded', from, to: checkpoint }
}

export function holeText(hole: Hole): string {
  switch (hole.type) {
    case 'missing':
      return `${counted(hole.entries, 'entry', 'entries')} of its process ${hole.entries === 1 ? 'is' : 'are'} missing here`
    case 'unrecorded':
      return hole.from === hole.to
        ? `checkpoint ${hole.to} was not recorded`
        : `checkpoints ${hole.from} to ${hole.to} were not recorded`
    case 'line':
      return hole.from === hole.to
        ? `checkpoint ${hole.to} was committed as its process ended, before that was recorded`
        : `checkpoints ${hole.from} to ${hole.to} were committed as their process ended, before that was recorded`
    case 'unknown':
      return 'how it came to what follows is not known'
  }
}
