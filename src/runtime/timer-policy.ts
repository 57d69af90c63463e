import type { TimerPolicy, TimerRecord } from '../checkpoint/record.js'
import type { ServiceDefinition } from '../service/definition.js'

/** Which policy the definition gives to the timer with an id. */
export function timerPolicy(definition: ServiceDefinition): (id: string) => TimerPolicy {
  const { timers } = definition
  if (typeof timers === 'string') return () => timers
  const { default: fallback = 'deadline', ...named } = timers
  return (id) => {
    // `defineService` has refused what is no policy.
    if (Object.hasOwn(named, id)) return named[id] as TimerPolicy
    // XState names the timer of a state's `after` so: xstate.after.<delay>.<state>.
    const name = Object.keys(named).find((delay) => id.startsWith(`xstate.after.${delay}.`))
    return (name === undefined ? undefined : named[name]) ?? fallback
  }
}

/** The timers with what was left of them at that time, having run until then. */
export function leftAt(timers: readonly TimerRecord[], atMs: number): readonly TimerRecord[] {
  return timers.map((timer) => ({ ...timer, remainingMs: Math.max(0, timer.dueAtMs - atMs) }))
}
