import type { EventObject } from 'xstate'
import type { Choose } from './drafts.js'
import { type EventSource, isArbitrary } from './events.js'
import type { Takes } from './taken.js'

/** Of so many events one may be any; the others are such as the state takes, so that most lead on. */
const ONE_OF_ANY = 4

/** Numbers that choose. */
export const MOST_PICK = 0x7fffffff

/** Chooses of these. */
export function chooseOf(events: readonly EventSource[], takes: Takes): Choose {
  return ({ pick, data }, active) => {
    const made = data.values()
    // There is one for each arbitrary.
    const all = events.map((source) => (isArbitrary(source) ? made.next().value : source) as EventObject)
    const taken = pick % ONE_OF_ANY === 0 ? [] : all.filter(({ type }) => takes(active, type))
    const among = taken.length === 0 ? all : taken
    // Without events nothing is chosen.
    return among[Math.floor(pick / ONE_OF_ANY) % among.length] as EventObject
  }
}
