import type { Entry } from '../../../src/inspect/stream/entry.js'
import type { Moments } from '../store/moments.js'
import { typeOf } from '../store/values.js'

/** An event that is in no checkpoint yet. */
interface Open {
  readonly index: number
  readonly incarnation: string
  readonly sequence: number
  /** Its commit did not come to the store. */
  isRefused: boolean
}

/** Indices of the events from outside that no checkpoint holds: their commit was refused, or their process was gone before it. */
export function lostIn(moments: Moments): ReadonlySet<number> {
  const lost = new Set<number>()
  let open: Open[] = []
  let checkpoint: number | undefined
  for (const [index, moment] of moments.all().entries()) {
    const { incarnation } = moment
    if (moment.type !== 'entry') {
      open = []
      checkpoint = moment.type === 'base' ? moment.state.commit?.checkpoint : undefined
      continue
    }
    const { entry } = moment
    if (isFromOutside(entry)) open.push({ index, incarnation, sequence: entry.sequence, isRefused: false })
    if (entry.kind === 'commit') {
      const isIn = (one: Open) => one.incarnation === incarnation && one.sequence <= entry.upTo
      if (!entry.ok) for (const one of open.filter(isIn)) one.isRefused = true
      // What is written of a failure is the checkpoint before it, with that.
      if (entry.ok && entry.phase !== 'failed') open = open.filter((one) => !isIn(one))
      if (entry.ok) checkpoint = entry.checkpoint
    }
    if (entry.kind === 'lifecycle' && entry.state === 'failed') {
      const isOver = (one: Open) => one.incarnation === incarnation
      // What was not refused is what it failed at.
      for (const one of open.filter(isOver)) if (one.isRefused) lost.add(one.index)
      open = open.filter((one) => !isOver(one))
    }
    if (entry.kind !== 'revived' || entry.slept) continue
    // A newer checkpoint may hold them: its line is lost with the process.
    const isOlder = entry.fresh || (checkpoint !== undefined && entry.checkpoint <= checkpoint)
    if (isOlder) for (const one of open) lost.add(one.index)
    open = []
  }
  return lost
}

/** Whether somebody has sent it to the machine. */
export function isFromOutside(entry: Entry): entry is Extract<Entry, { readonly kind: 'event' }> {
  return (
    entry.kind === 'event' &&
    entry.to.length === 0 &&
    entry.from === undefined &&
    !typeOf(entry.event).startsWith('xstate.')
  )
}
