import type { Chart, ChartState } from '../../../src/inspect/chart/chart.js'

const known = new WeakMap<Chart, ReadonlyMap<string, string>>()

/** What a person calls a state, by its id in the first of the charts that has it: its key, after as many of those around it as tell it from others of that key; undefined where none has it. */
export function stateName(charts: Iterable<Chart>, id: string): string | undefined {
  for (const chart of charts) {
    const name = namesOf(chart).get(id)
    if (name !== undefined) return name
  }
  return undefined
}

function namesOf(chart: Chart): ReadonlyMap<string, string> {
  const made = known.get(chart)
  if (made !== undefined) return made
  const endings = new Map<string, readonly string[]>()
  const visit = ({ id, key, states = [] }: ChartState, around: readonly string[]): void => {
    const longer = [key, ...around.map((ending) => `${ending}.${key}`)]
    endings.set(id, longer)
    // No name needs the machine's own.
    for (const child of states) visit(child, id === chart.root.id ? [] : longer)
  }
  visit(chart.root, [])
  const counts = new Map<string, number>()
  for (const ending of [...endings.values()].flat()) counts.set(ending, (counts.get(ending) ?? 0) + 1)
  const names = new Map(
    [...endings].map(([id, all]) => [id, all.find((ending) => counts.get(ending) === 1) ?? all.at(-1) ?? id]),
  )
  known.set(chart, names)
  return names
}
