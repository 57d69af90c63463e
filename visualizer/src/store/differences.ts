import type { ServiceState } from '../../../src/inspect/stream/state.js'
import { fieldOf, typeOf, valueText } from './values.js'

/** One thing that is not the same at two moments; undefined where it is not there. */
export interface Difference {
  readonly path: readonly string[]
  readonly before: unknown
  readonly after: unknown
}

/** Differences of one comparison that are told. */
const MOST = 500
const DEEPEST = 64

/** What is not the same in two JSON values: the innermost places, fields of the first before those that are new. */
export function differences(before: unknown, after: unknown, most = MOST): readonly Difference[] {
  const found: Difference[] = []
  const compare = (was: unknown, is: unknown, path: readonly string[]): void => {
    if (found.length >= most || was === is) return
    if (path.length < DEEPEST && isFields(was) && isFields(is) && Array.isArray(was) === Array.isArray(is)) {
      for (const name of new Set([...Object.keys(was), ...Object.keys(is)]))
        compare(fieldOf(was, name), fieldOf(is, name), [...path, name])
    } else found.push({ path, before: was, after: is })
  }
  compare(before, after, [])
  return found
}

/** How a service stands otherwise at two moments: lifecycle, state, context, holds, actors, and what is still to come. */
export function comparison(before: ServiceState, after: ServiceState): readonly Difference[] {
  return differences(gist(before), gist(after))
}

/** What an interruption may not change of it; how often it was written to the store may differ. */
export function besideTwin(twin: ServiceState, interrupted: ServiceState): readonly Difference[] {
  return comparison(twin, interrupted).filter(({ path }) => path[0] !== 'checkpoint')
}

function gist(state: ServiceState): unknown {
  const own = state.actors.find(({ actor }) => actor.length === 0)?.snapshot
  const named = <T>(list: readonly T[], nameOf: (item: T) => string, told: (item: T) => unknown) =>
    Object.fromEntries(list.map((item) => [nameOf(item), told(item)]))
  return {
    lifecycle: state.asleep === true ? 'asleep' : state.lifecycle,
    state: valueText(fieldOf(own, 'value')),
    context: fieldOf(own, 'context'),
    output: fieldOf(own, 'output'),
    failure: state.failure,
    holds: named(
      state.holds,
      ({ hold, by }) => `${hold} by ${by}`,
      () => 'held',
    ),
    actors: named(
      state.actors.filter(({ actor }) => actor.length > 0),
      ({ actor }) => actor.join(' › '),
      ({ snapshot }) => snapshot,
    ),
    timers: named(
      state.timers,
      ({ event }) => typeOf(event),
      ({ dueAtMs }) => new Date(dueAtMs).toISOString(),
    ),
    inbox: state.inbox.map(({ event }) => event),
    outbox: named(
      state.outbox,
      ({ effect, name }) => `${name} (${effect})`,
      ({ running }) => (running ? 'runs' : 'waits'),
    ),
    // 0 is none.
    checkpoint: state.commit?.checkpoint ?? (state.revivedFrom || undefined),
  }
}

function isFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
