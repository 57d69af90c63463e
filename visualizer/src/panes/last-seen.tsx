import type { JSX } from 'preact'
import { pick } from '../shell/selection.js'
import type { Moments } from '../store/moments.js'

/** Goes to how a service stood last, where its process could not read that any more. */
export function LastSeen({ moments }: { readonly moments: Moments }): JSX.Element | null {
  const index = lastSeen(moments)
  return index === undefined ? null : (
    <button type="button" class="quiet" onClick={() => pick(index)}>
      Show its last recorded state
    </button>
  )
}

/** The last moment at which its machine was there; undefined where it is there now, or never was. */
export function lastSeen(moments: Moments): number | undefined {
  if (hasMachine(moments, moments.length - 1)) return undefined
  for (let at = moments.length - 1; at > 0; at--) {
    const moment = moments.at(at)
    // Between those it stays there or away.
    const isChange =
      moment?.type === 'base' ||
      (moment?.type === 'entry' && ['service', 'asleep'].includes(moment.entry.kind))
    if (isChange && hasMachine(moments, at - 1)) return at - 1
  }
  return undefined
}

function hasMachine(moments: Moments, index: number): boolean {
  return moments.stateAt(index)?.actors.some(({ actor }) => actor.length === 0) === true
}
