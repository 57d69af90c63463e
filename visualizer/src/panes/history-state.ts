import type { Chart, ChartState } from '../../../src/inspect/chart/chart.js'
import { store } from '../shell/session.js'

const known = new WeakMap<Chart, ReadonlySet<string>>()

/** Whether a state of this id is one of history, in a chart that the page has: which states it leads to, its name does not say. */
export function isHistory(id: string): boolean {
  return [...store.value.charts.values()].some((chart) => historyIn(chart).has(id))
}

function historyIn(chart: Chart): ReadonlySet<string> {
  const made = known.get(chart)
  if (made !== undefined) return made
  const found = new Set<string>()
  const visit = ({ id, type, states = [] }: ChartState): void => {
    if (type === 'history') found.add(id)
    for (const child of states) visit(child)
  }
  visit(chart.root)
  known.set(chart, found)
  return found
}
