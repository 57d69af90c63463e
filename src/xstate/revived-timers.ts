import type { TimerRecord } from '../checkpoint/record.js'
import type { InternalActor } from './internals.js'
import { actorAt } from './paths.js'
import type { Timer } from './timers.js'

/** The timers of a checkpoint that fits, in this life. */
export function revivedTimers(
  root: InternalActor,
  records: readonly TimerRecord[],
  slept: boolean,
  nowMs: number,
): readonly Timer[] {
  return records.map((timer) => {
    // `checkFit` has found both ends.
    const source = actorAt(root, timer.source) as InternalActor
    const target = actorAt(root, timer.target) as InternalActor
    const { id, event, delayMs } = timer
    return { source, target, id, event, delayMs, dueAtMs: slept ? timer.dueAtMs : dueAtMs(timer, nowMs) }
  })
}

/** When a timer is due in this life; one whose service had only been out of memory has run on. */
function dueAtMs(timer: TimerRecord, nowMs: number): number {
  if (timer.policy === 'remaining') return nowMs + timer.remainingMs
  if (timer.policy === 'restart') return nowMs + timer.delayMs
  return timer.dueAtMs
}
