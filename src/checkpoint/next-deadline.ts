import type { TimerRecord } from './record.js'

/** When the next timer is due that does not stand still while its service rests, in ms since 1970; undefined where none is. */
export function nextDeadlineIn(timers: readonly TimerRecord[]): number | undefined {
  let soonest = Number.POSITIVE_INFINITY
  for (const { policy, dueAtMs } of timers) if (policy === 'deadline') soonest = Math.min(soonest, dueAtMs)
  // One that never comes due is none to wait for.
  return Number.isFinite(soonest) ? soonest : undefined
}
