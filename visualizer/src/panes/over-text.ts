import type { TimerState } from '../../../src/inspect/stream/state.js'
import { dueText } from '../chart/words.js'

/** What is said of a timer of a service that was removed, or of the deadline of one that waits for a retry; undefined of any other. */
export function overText(
  { policy, dueAtMs }: TimerState,
  lifecycle: string | undefined,
  nowMs: number | undefined,
): string | undefined {
  if (lifecycle === 'removed') return `was due ${dueText(dueAtMs, undefined)}`
  if (lifecycle !== 'failed' || policy !== 'deadline') return undefined
  return nowMs === undefined || dueAtMs > nowMs
    ? `${dueText(dueAtMs, nowMs)}, if it is retried by then`
    : 'as soon as it is retried'
}
