import type { EffectReports } from './effects.js'
import type { Timers } from './timers.js'
import type { TreeOptions } from './tree-options.js'

/** Who hears of a tree's effects; undefined where nobody does. */
export function observedEffects({ observe }: TreeOptions): EffectReports['observed'] {
  return observe && ((change, effect, error) => observe({ type: 'effect', change, effect, error }))
}

/** Who hears of its timers. */
export function observedTimers({ observe, policyOf }: TreeOptions): Timers['observed'] {
  return observe && ((change, timer) => observe({ type: 'timer', change, timer, policy: policyOf(timer.id) }))
}
