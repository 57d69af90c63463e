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
