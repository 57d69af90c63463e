import { DEFAULT_DEADLINE_MS } from '../ending.js'

/** What comes after the deadline of the tasks may take so long, in ms: the checkpoints, the cleanups, the store. */
export const AFTERWARDS_MS = 1000

/** Time that the container leaves us, less a second for what comes after the tasks. */
export function gracePeriodMs(environment: Readonly<Record<string, string | undefined>>): number {
  const told: readonly (readonly [string | undefined, number])[] = [
    [environment.TARDIGRADE_GRACE_MS, 1],
    [environment.TERMINATION_GRACE_PERIOD_SECONDS, 1000],
  ]
  for (const [value, unitMs] of told) {
    const graceMs = Number(value) * unitMs
    if (value !== undefined && value !== '' && Number.isFinite(graceMs) && graceMs > 0) {
      return Math.max(graceMs / 2, graceMs - AFTERWARDS_MS)
    }
  }
  return DEFAULT_DEADLINE_MS
}
