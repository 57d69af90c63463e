import type { ChartTrigger } from '../../../src/inspect/chart/chart.js'
import type { Path } from '../../../src/inspect/stream/entry.js'
import { isNameless, isSamePath } from '../store/paths.js'
import { statePath } from './state-keys.js'

const SECOND = 1000

/** A state of the lifecycle, or what is said in the place of one, as a person reads it. */
export function lifecycleText(state: string): string {
  if (state === 'unreadable') return 'store unreadable'
  if (state === 'older') return 'store is older'
  if (state === 'unsure') return 'running or interrupted'
  return state === 'unrecorded' ? 'running, not recorded' : state
}

/** What triggers a transition, as a person reads it. */
export function triggerText(trigger: ChartTrigger): string {
  switch (trigger.type) {
    case 'event':
      return trigger.event
    case 'after':
      return `after ${delayName(trigger.delay, trigger.delayMs)}`
    case 'always':
      return 'always'
    case 'default':
      return ''
    case 'done':
      return 'done'
    case 'done-actor':
      return `done ${actorName(trigger.actor, trigger.src)}`
    case 'error-actor':
      return `error ${actorName(trigger.actor, trigger.src)}`
    case 'snapshot-actor':
      return `news of ${actorName(trigger.actor, trigger.src)}`
  }
}

/** What a person calls an actor: where nobody has given it an id, XState has made one of its state’s. */
export function actorName(id: string, logic: string): string {
  return isNameless(id) && logic !== '' ? logic : id
}

/** What a person calls an actor by its path, `logicOf` knowing what one runs to which nobody has given an id. */
export function pathName(path: Path, logicOf: (id: string) => string): string {
  return path.length === 0 ? 'the machine' : path.map((id) => actorName(id, logicOf(id))).join(' › ')
}

/** Those of XState 5, and of XState 4. */
const ACTORS_EVENT = /^(?:xstate\.)?(done\.actor|error\.actor|snapshot|done\.invoke|error\.platform)\.(.+)$/
const OF_ACTORS: Readonly<Record<string, string>> = {
  'done.actor': 'done',
  'done.invoke': 'done',
  'error.actor': 'error',
  'error.platform': 'error',
  snapshot: 'news of',
}

/**
 * What a person calls an event: XState makes those of delays of the delay, of which `delayOf` knows how long it takes, and the id of the
 * state, of which `keyOf` knows the key, and those of actors of their ids, which `logicOf` knows.
 */
export function eventName(
  event: string,
  keyOf: (id: string) => string,
  logicOf: (id: string) => string = () => '',
  delayOf: (event: string) => number | undefined = () => undefined,
): string {
  const [, kind = '', id = ''] = ACTORS_EVENT.exec(event) ?? []
  if (id !== '') return `${OF_ACTORS[kind]} ${actorName(id, logicOf(id))}`
  const after = /^xstate\.after(?:\.(.+?)\.|\((.+)\)#)(.+)$/.exec(event)
  if (after === null) return event
  const [, of5, of4, state = ''] = after
  const delay = of5 ?? of4 ?? ''
  const name = delayName(delay, delayOf(event))
  return `after ${name}${name.includes(', ') ? ',' : ''} in ${statePath(state, keyOf(state))}`
}

/** A delay as it is written everywhere: one that has a name by that, with how long it takes where that is known. */
function delayName(delay: string, ms: number | undefined): string {
  if (/^\d+$/.test(delay)) return delayText(Number(delay))
  return ms === undefined ? delay : `${delay}, ${delayText(ms)}`
}

/** With whose timer it is where it is not the machine's own, and to whom its event goes where that is another. */
export function ofActorText(
  { actor, target = actor }: { readonly actor: Path; readonly target?: Path | undefined },
  shown: string,
  logicOf: (id: string) => string,
): string {
  const whose = actor.length === 0 ? '' : `${pathName(actor, logicOf)}: `
  return `${whose}${shown}${isSamePath(actor, target) ? '' : ` to ${pathName(target, logicOf)}`}`
}

/** So many of something: `1 state`, `2,000 states`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`
}

/** A span of time in the two largest units that it has. */
export function delayText(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`
  if (ms < 60 * SECOND) return `${trimmed(ms / SECOND)} s`
  const minutes = Math.floor(ms / (60 * SECOND))
  if (minutes < 60) return both(minutes, 'min', Math.floor(ms / SECOND) % 60, 's')
  const hours = Math.floor(minutes / 60)
  return hours < 24
    ? both(hours, 'h', minutes % 60, 'min')
    : both(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

/** When something is due, or was: `in 4 s`, `due`, `overdue by 3 min`; and where nobody knows whether it still is, `at 16:35:35`. */
export function dueText(dueAtMs: number, nowMs: number | undefined): string {
  if (nowMs === undefined) return `at ${clockText(new Date(dueAtMs))}`
  const leftMs = dueAtMs - nowMs
  if (leftMs > 0) return `in ${delayText(leftMs)}`
  return leftMs > -SECOND ? 'due' : `overdue by ${delayText(-leftMs)}`
}

/** Wall-clock time with milliseconds, in the browser's zone. */
export function timeText(ms: number): string {
  const date = new Date(ms)
  return `${clockText(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

function clockText(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((value) => String(value).padStart(2, '0'))
    .join(':')
}

function both(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`
}

function trimmed(seconds: number): string {
  return seconds < 10 ? `${Math.floor(seconds * 10) / 10}` : `${Math.floor(seconds)}`
}
