import type { Moments } from './moments.js'
import { areGoing } from './service.js'

/** How far back it is looked for. */
const FAR = 2000

/**
 * From when on the timers stood still of a service that rests at a moment, in ms since 1970: since it came to rest, or of one that was
 * interrupted since the capture of its newest checkpoint, with which the next start goes on. Undefined where nobody knows it.
 */
export function standstillOf(moments: Moments, index: number): number | undefined {
  const isInterrupted = areGoing(moments.stateAt(index)?.lifecycle)
  let restedMs: number | undefined
  for (let at = index; at >= Math.max(0, index - FAR); at--) {
    const moment = moments.at(at)
    if (moment?.type !== 'entry') return restedMs
    const { entry } = moment
    // In each life they are told anew, with what was left of them.
    if (entry.kind === 'revived') return restedMs ?? entry.atMs
    if (entry.kind === 'commit' && entry.ok && isInterrupted) return entry.atMs - entry.durationMs
    if (entry.kind !== 'lifecycle' || isInterrupted) continue
    if (areGoing(entry.state)) return restedMs
    restedMs = entry.atMs
  }
  return undefined
}
