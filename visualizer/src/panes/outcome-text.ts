import { counted } from '../chart/words.js'
import type { Outcome } from '../shell/control.js'

/** As the command line says it of an event. */
const RESULTS: Readonly<Record<string, string>> = {
  ignored: 'ignored: no transition takes it in this state',
  seen: 'seen before, and not applied again',
  kept: 'kept in the inbox',
  // Of another application.
  unchanged: 'it changed nothing: no transition took it, or one that does nothing',
}

/** What came of what was asked for, as a person reads it, by the server's answer; undefined where it is simply done. */
export function resultText(result: unknown): string | undefined {
  if (typeof result === 'string') return result
  if (typeof result !== 'object' || result === null) return undefined
  // Of all that is asked for, only a kill to come answers with a state and nothing else.
  if ('state' in result && !('phase' in result)) return `armed, until it is taken back${insteadOf(result)}`
  if ('changed' in result && result.changed === false) return 'there was nothing to do'
  if ('unsafe' in result && Array.isArray(result.unsafe) && result.unsafe.length > 0)
    return `done, but ${counted(result.unsafe.length, 'service')} did not come to rest`
  if ('outcome' in result) return RESULTS[String(result.outcome)]
  return 'sent' in result ? 'sent; what comes of it, the timeline tells' : undefined
}

/** The kill that another one has replaced. */
function insteadOf(result: object): string {
  const isOther = 'replaced' in result && 'state' in result && result.replaced !== result.state
  return isOther ? `, in the place of the kill at ${result.replaced}` : ''
}

/** How long it stays at least, in ms: so that somebody can read it. */
const READ_MS = 3000

/** Whether what came of something is of the past: the service, whose lifecycle changed last at `changedAtMs`, has gone on since. */
export function isPast(outcome: Outcome, changedAtMs: number, nowMs: number): boolean {
  if (outcome.status !== 'done') return false
  return changedAtMs > outcome.atMs && nowMs - outcome.atMs >= READ_MS
}
