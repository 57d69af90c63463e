import type { ServiceState } from '../../../src/inspect/stream/state.js'
import type { Moments } from './moments.js'

/** How far on the key of an effect is looked for. */
const FAR = 2000

/**
 * How a service stood at a moment, its effects with their keys, as far as they were recorded: an effect has its key from its capture on,
 * and what comes after the moment tells it.
 */
export function stateWithKeys(moments: Moments, index: number): ServiceState | undefined {
  const state = moments.stateAt(index)
  const incarnation = moments.at(index)?.incarnation
  const missing = new Set<number>()
  for (const { effect, effectKey } of state?.outbox ?? []) if (effectKey === undefined) missing.add(effect)
  if (state === undefined || missing.size === 0) return state
  const keys = new Map<number, string>()
  for (let at = index + 1; at <= index + FAR && missing.size > 0; at++) {
    const moment = moments.at(at)
    // In another process, numbers are of others.
    if (moment === undefined || moment.incarnation !== incarnation) break
    if (moment.type !== 'entry' || moment.entry.kind !== 'effect') continue
    const { effect, effectKey } = moment.entry
    if (missing.has(effect) && effectKey !== undefined) {
      keys.set(effect, effectKey)
      missing.delete(effect)
    }
  }
  const outbox = state.outbox.map((known) => {
    const effectKey = known.effectKey ?? keys.get(known.effect)
    return effectKey === undefined ? known : { ...known, effectKey }
  })
  return { ...state, outbox }
}
