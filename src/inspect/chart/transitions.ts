import type { ChartInvoke, ChartTransition, ChartTrigger } from './chart.js'
import { cut, nameOf } from './names.js'
import { asConfig, type Config, type Outline, type Place, resolve } from './outline.js'

/** Milliseconds of named delays, as far as they are numbers. */
export type Delays = Readonly<Record<string, unknown>>

/** What a state starts while it is active. */
export function invokesOf(place: Place): readonly (ChartInvoke & { readonly config: Config })[] {
  return listOf(place.config.invoke).map((value, index) => {
    const config = asConfig(value)
    const id = typeof config.id === 'string' ? config.id : `${index}.${place.id}`
    const src = typeof value === 'string' ? value : config.src
    return { id: cut(id), src: nameOf(src), config }
  })
}

/** Every transition that a state's config writes, in the order in which XState tries them. */
export function transitionsOf(place: Place, outline: Outline, delays: Delays): readonly ChartTransition[] {
  const { config } = place
  const of = (key: string, trigger: ChartTrigger, written: unknown) =>
    listOf(written).map((value, index) => transition(`${place.id}|${key}|${index}`, trigger, value))

  function transition(id: string, trigger: ChartTrigger, value: unknown): ChartTransition {
    const written = typeof value === 'string' ? { target: value } : asConfig(value)
    const names = listOf(written.target).map(targetName)
    const found = names.map((name) => resolve(name, place, outline))
    const unknown = names.filter((_, index) => found[index] === undefined).map((name) => cut(name))
    const targets = found.flatMap((target) => (target === undefined ? [] : [target.id]))
    const actions = listOf(written.actions).map(nameOf)
    return {
      id,
      trigger,
      event: eventOf(trigger, place.id),
      ...(written.guard !== undefined && { guard: nameOf(written.guard) }),
      ...(actions.length > 0 && { actions }),
      ...(targets.length > 0 && { targets }),
      ...(unknown.length > 0 && { unknownTargets: unknown }),
      ...(written.reenter === true && { reenter: true as const }),
      ...(typeof written.description === 'string' && { description: cut(written.description, 1000) }),
    }
  }

  return [
    ...Object.entries(asConfig(config.on)).flatMap(([event, written]) =>
      of(`on ${event}`, { type: 'event', event: cut(event) }, written),
    ),
    ...Object.entries(asConfig(config.after)).flatMap(([delay, written]) =>
      of(`after ${delay}`, { type: 'after', delay: cut(delay), ...msOf(delay, delays) }, written),
    ),
    ...of('always', { type: 'always' }, config.always),
    ...of('default', { type: 'default' }, config.type === 'history' ? config.target : undefined),
    ...of('done', { type: 'done' }, config.onDone),
    ...invokesOf(place).flatMap(({ id: actor, src, config: invoke }) => [
      ...of(`done ${actor}`, { type: 'done-actor', actor, src }, invoke.onDone),
      ...of(`error ${actor}`, { type: 'error-actor', actor, src }, invoke.onError),
      ...of(`snapshot ${actor}`, { type: 'snapshot-actor', actor, src }, invoke.onSnapshot),
    ]),
  ]
}

/** The event that XState gives the machine for a trigger. */
function eventOf(trigger: ChartTrigger, source: string): string {
  switch (trigger.type) {
    case 'event':
      return trigger.event
    case 'after':
      return `xstate.after.${trigger.delay}.${source}`
    case 'done':
      return `xstate.done.state.${source}`
    case 'done-actor':
      return `xstate.done.actor.${trigger.actor}`
    case 'error-actor':
      return `xstate.error.actor.${trigger.actor}`
    case 'snapshot-actor':
      return `xstate.snapshot.${trigger.actor}`
    default:
      return ''
  }
}

/** A list where a config allows one value or many. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

function targetName(target: unknown): string {
  if (typeof target === 'string') return target
  // A state itself, which XState takes too.
  const { id } = asConfig(target)
  return typeof id === 'string' ? `#${id}` : '(unknown)'
}

function msOf(delay: string, delays: Delays): { readonly delayMs?: number } {
  const written: unknown = Object.hasOwn(delays, delay) ? delays[delay] : Number(delay)
  return typeof written === 'number' && Number.isFinite(written) ? { delayMs: written } : {}
}
