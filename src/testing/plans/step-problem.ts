import { isObject, shown } from '../../errors/option-checks.js'
import { isOf } from '../is-of.js'
import { CRASH_POINTS, DUE_KINDS, EVENT_KINDS, INTERRUPTION_KINDS, TIME_KINDS } from './steps.js'

/** What an author's world does. */
export const AUTHOR_STEPS: readonly string[] = ['send', 'advance', 'retry']

/** What a plan can hold. */
export const ALL_STEPS: readonly string[] = [...AUTHOR_STEPS, ...INTERRUPTION_KINDS]

/** Whether it can be sent. */
export const isEvent = (value: unknown): boolean =>
  isObject(value) && 'type' in value && typeof value.type === 'string'

/** Whether so many milliseconds can pass. */
export const isMs = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value >= 0

/** What the members of a step must be, in words, and whether they are. */
const MEMBERS: Readonly<Record<string, readonly [expected: string, holds: (value: unknown) => boolean]>> = {
  event: ['an object with a type', isEvent],
  ms: ['a number of milliseconds, 0 or more', isMs],
  at: [`one of ${CRASH_POINTS.join(', ')}`, (value) => isOf(CRASH_POINTS, value)],
}

/** @param timed whether it has a time and no event, as what interrupts what falls due */
function membersOf(kind: string, timed: boolean): readonly string[] {
  const underway = timed && isOf(DUE_KINDS, kind) ? 'ms' : 'event'
  if (kind === 'crash') return ['at', underway]
  if (underway === 'ms') return [underway]
  if (kind === 'send' || isOf(EVENT_KINDS, kind)) return ['event']
  return kind === 'advance' || isOf(TIME_KINDS, kind) ? ['ms'] : []
}

/** What is wrong with what should be a step of one of these kinds, in words; undefined: nothing. */
export function stepProblem(step: unknown, kinds: readonly string[]): string | undefined {
  if (!isObject(step) || !('do' in step)) return `${shown(step)} is no step`
  const { do: kind, ...members } = step
  if (typeof kind !== 'string' || !kinds.includes(kind))
    return `“do” is ${shown(kind)}, and none of ${kinds.join(', ')}`
  const known = membersOf(kind, 'ms' in members && !('event' in members))
  const unknown = Object.keys(members).find((name) => !known.includes(name))
  if (unknown !== undefined) return `“${unknown}” is no part of a step “${kind}”`
  // What was not given is undefined, and wrong.
  const given = members as Readonly<Record<string, unknown>>
  const wrong = known.find((name) => MEMBERS[name]?.[1](given[name]) !== true)
  return wrong === undefined ? undefined : `“${wrong}” of a step “${kind}” is not ${MEMBERS[wrong]?.[0]}`
}
