import type { Chart, ChartState, ChartTransition } from '../../../src/inspect/chart/chart.js'

/** Transitions that lead from where a state is seen to where another is. */
export interface Way {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly transitions: ChartTransition[]
}

/** Where each state is seen, itself or the folded one that hides it, and the ways between those. */
export function waysOf(chart: Chart, folded: ReadonlySet<string>) {
  const seen = new Map<string, string>()
  const look = (state: ChartState, by: string | undefined): void => {
    seen.set(state.id, by ?? state.id)
    const isFolded = by === undefined && folded.has(state.id)
    for (const child of state.states ?? []) look(child, isFolded ? state.id : by)
  }
  look(chart.root, undefined)
  const all: Way[] = []
  const hidden = new Map<string, Way>()
  const visit = (state: ChartState): void => {
    const source = seen.get(state.id) ?? state.id
    for (const transition of state.transitions ?? []) {
      if (isStaying(state, transition)) continue
      for (const named of transition.targets ?? []) {
        const target = seen.get(named)
        // Within a folded state nothing is drawn.
        if (target === undefined || (target === source && source !== state.id)) continue
        const pair = `${source}\n${target}`
        const isHidden = source !== state.id || target !== named
        // Of a folded state one way to another is enough.
        const known = isHidden ? hidden.get(pair) : undefined
        known?.transitions.push(transition)
        if (known !== undefined) continue
        const way = { id: `${transition.id}>${named}`, source, target, transitions: [transition] }
        all.push(way)
        if (isHidden) hidden.set(pair, way)
      }
    }
    for (const child of state.states ?? []) visit(child)
  }
  visit(chart.root)
  return { seen, all }
}

/** Whether a transition is told in its state's box, since it leads nowhere else. */
export function isStaying(state: ChartState, { targets = [] }: ChartTransition): boolean {
  return targets.every((target) => target === state.id)
}
