import type { Chart, ChartState } from '../../../src/inspect/chart/chart.js'

const known = new WeakMap<Chart, ReadonlyMap<string, string>>()

/** The keys of a chart's states by their ids: a state may have an id of its own, which says nothing of its key. */
export function keysOf(chart: Chart): ReadonlyMap<string, string> {
  const made = known.get(chart)
  if (made !== undefined) return made
  const keys = new Map<string, string>()
  const visit = ({ id, key, states = [] }: ChartState): void => {
    keys.set(id, key)
    for (const child of states) visit(child)
  }
  visit(chart.root)
  known.set(chart, keys)
  return keys
}

const knownDelays = new WeakMap<Chart, ReadonlyMap<string, number>>()

/** How long the delays of a chart take, by the events that come at their ends, as far as that is known. */
function delaysOf(chart: Chart): ReadonlyMap<string, number> {
  const made = knownDelays.get(chart)
  if (made !== undefined) return made
  const delays = new Map<string, number>()
  const visit = ({ transitions = [], states = [] }: ChartState): void => {
    for (const { trigger, event } of transitions)
      if (trigger.type === 'after' && trigger.delayMs !== undefined) delays.set(event, trigger.delayMs)
    for (const child of states) visit(child)
  }
  visit(chart.root)
  knownDelays.set(chart, delays)
  return delays
}

/** How long a delay takes, by the event at its end; undefined where no chart tells, or two tell different times. */
export function delayMsOf(charts: Iterable<Chart>, event: string): number | undefined {
  const found = new Set<number>()
  for (const chart of charts) {
    const ms = delaysOf(chart).get(event)
    if (ms !== undefined) found.add(ms)
  }
  return found.size === 1 ? [...found][0] : undefined
}

/** What a person calls the state with this id: its key, where one of the charts has it, else the end of the id. */
export function stateKey(charts: Iterable<Chart>, id: string): string {
  for (const chart of charts) {
    const key = keysOf(chart).get(id)
    if (key !== undefined) return key
  }
  return id.slice(id.lastIndexOf('.') + 1)
}

/** The keys that lead to a state, without the machine's id; of one with an id of its own its key alone. */
export function statePath(id: string, key: string): string {
  const path = id.slice(id.indexOf('.') + 1)
  return path === key || path.endsWith(`.${key}`) ? path : key
}
