import type { TimerState } from '../../../src/inspect/stream/state.js'
import { delayText, eventName, ofActorText, timeText } from '../chart/words.js'
import { keyOfState } from '../shell/session.js'
import { isSimulated, momentTime } from '../shell/time.js'
import type { Moments } from '../store/moments.js'
import { areGoing } from '../store/service.js'
import { standstillOf } from '../store/standstill.js'
import { typeOf } from '../store/values.js'

/** Whether timers go on at a moment whatever their policy is, and since when they do not. */
export interface Going {
  readonly areGoing: boolean
  readonly sinceMs: number | undefined
}

/** The same of a moment. */
export function goingAt(moments: Moments, index: number): Going {
  const state = moments.stateAt(index)
  const isGoing = areGoing(state?.asleep === true ? 'asleep' : state?.lifecycle)
  return { areGoing: isGoing, sinceMs: standstillOf(moments, index) }
}

/** What a person calls a timer: whose it is, its event with how long it takes, and to whom that goes. */
export function timerName(timer: TimerState, logicOf: (id: string) => string): string {
  const event = eventName(typeOf(timer.event), keyOfState, logicOf, () => timer.delayMs)
  return ofActorText(timer, event, logicOf)
}

/** When a timer is due, `due` telling that; of one that stands still while its service rests, how long it takes once that goes on. */
export function timerText(
  { policy, dueAtMs, delayMs, remainingMs }: TimerState,
  { areGoing: isGoing, sinceMs }: Going,
  due: (dueAtMs: number) => string,
): string {
  if (isGoing || policy === 'deadline') return due(dueAtMs)
  const recordedMs = sinceMs === undefined ? undefined : Math.min(delayMs, Math.max(0, dueAtMs - sinceMs))
  const leftMs = policy === 'restart' ? delayMs : (remainingMs ?? recordedMs)
  return leftMs === undefined ? 'stands still until it goes on' : `${delayText(leftMs)} after it goes on`
}

/** At what time something is due that was seen at another one: with its day, where that is another. */
export function exactlyText(dueAtMs: number, seenAtMs: number): string {
  if (isSimulated()) return `at ${momentTime(dueAtMs)}`
  const [due, seen] = [new Date(dueAtMs), new Date(seenAtMs)]
  if (Number.isNaN(due.getTime())) return 'never'
  const day = due.toDateString() === seen.toDateString() ? '' : `${due.toLocaleDateString('en-CA')} `
  return `at ${day}${timeText(dueAtMs)}`
}
