import { type Signal, signal } from '@preact/signals'
import type { Chart, ChartState } from '../../../src/inspect/chart/chart.js'
import { keepList, keptList } from '../shell/kept.js'

/** States beyond which a chart begins folded: laying out all of them takes seconds, and nobody sees the whole. */
export const MOST_UNFOLDED = 150

/** What is folded at first: nothing, or of a large chart the states from the depth on at which it would be too much. */
export function foldedAtFirst({ root }: Chart): ReadonlySet<string> {
  const levels: ChartState[][] = []
  const visit = (state: ChartState, depth: number): void => {
    const level = levels[depth] ?? []
    levels[depth] = level
    level.push(state)
    for (const child of state.states ?? []) visit(child, depth + 1)
  }
  visit(root, 0)
  let seen = 0
  for (const [depth, level] of levels.entries()) {
    seen += level.length
    // One level is always seen, whatever it is.
    if (seen > MOST_UNFOLDED && depth > 1) return foldedBelow(levels, depth - 1)
  }
  return new Set()
}

/** How somebody has left a chart. */
export interface Left {
  readonly folded: Signal<ReadonlySet<string>>
  readonly query: Signal<string>
}

/** What was folded and searched in each chart, by its hash, for whoever comes back from another one. */
const LEFT = new Map<string, Left>()

/** What is folded the tab keeps, too, for when the page is loaded again. */
export function leftOf(chart: Chart): Left {
  const known = LEFT.get(chart.hash)
  if (known !== undefined) return known
  const name = `tardigrade.folded ${chart.hash}`
  const kept = keptList(name)
  const first = kept === undefined ? foldedAtFirst(chart) : new Set(kept)
  const left: Left = { folded: signal(first), query: signal('') }
  left.folded.subscribe((folded) => folded !== first && keepList(name, folded))
  LEFT.set(chart.hash, left)
  return left
}

/** Of a chart that is shown beside another, which nobody folds. */
export function asAtFirst(chart: Chart): Left {
  return { folded: signal(foldedAtFirst(chart)), query: signal('') }
}

function foldedBelow(levels: readonly (readonly ChartState[])[], depth: number): ReadonlySet<string> {
  const states = levels.slice(depth).flat()
  return new Set(states.filter(({ states = [] }) => states.length > 0).map(({ id }) => id))
}

/** Every state of a chart, in its order. */
export function statesOf({ root }: Chart): readonly ChartState[] {
  const all: ChartState[] = []
  const visit = (state: ChartState): void => {
    all.push(state)
    for (const child of state.states ?? []) visit(child)
  }
  visit(root)
  return all
}

/**
 * Every state in which a machine can come to rest, as `matches` takes it: by the keys that lead to it, whatever its id. One that is
 * always left at once is none.
 */
export function matchedStates({ root }: Chart): readonly string[] {
  const below = (state: ChartState, path: string): readonly string[] =>
    (state.states ?? []).flatMap((child) =>
      child.type === 'history' || isPassedThrough(child)
        ? []
        : [`${path}${child.key}`, ...below(child, `${path}${child.key}.`)],
    )
  return below(root, '')
}

/** Where such a way leads into the state itself, the machine is in it afterwards, too. */
function isPassedThrough(state: ChartState): boolean {
  return (state.transitions ?? []).some(
    ({ trigger, guard, targets = [] }) =>
      trigger.type === 'always' && guard === undefined && targets.some((target) => !isWithin(state, target)),
  )
}

function isWithin({ id, states = [] }: ChartState, target: string): boolean {
  return id === target || states.some((child) => isWithin(child, target))
}

/** Ids of the states above one, the root first. */
export function above({ root }: Chart, id: string): readonly string[] {
  const find = (state: ChartState): readonly string[] | undefined => {
    if (state.id === id) return []
    for (const child of state.states ?? []) {
      const found = find(child)
      if (found !== undefined) return [state.id, ...found]
    }
    return undefined
  }
  return find(root) ?? []
}

/** Ids of the states whose key or events hold the text. */
export function matching(states: readonly ChartState[], query: string): ReadonlySet<string> {
  const text = query.trim().toLowerCase()
  if (text === '') return new Set()
  const hits = states.filter(
    ({ key, transitions = [] }) =>
      key.toLowerCase().includes(text) || transitions.some(({ event }) => event.toLowerCase().includes(text)),
  )
  return new Set(hits.map(({ id }) => id))
}
