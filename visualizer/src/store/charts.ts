import type { Chart, ChartState } from '../../../src/inspect/chart/chart.js'
import { isStaying } from '../chart/seen.js'
import { areTexts, has, type Is, isFields, isNumber, isText, listOf, maybe } from './is.js'

const DEEPEST = 200

/** The chart in what a server has sent, where it has the shape of one: undefined for anything else. */
export function chartIn(value: unknown): Chart | undefined {
  if (!isFields(value) || typeof value.hash !== 'string' || !isState(value.root, 0)) return undefined
  // Its parts have just been looked at.
  return value as unknown as Chart
}

const perhapsText = maybe(isText)
const perhapsTexts = maybe(areTexts)

const isTrigger: Is = (value) =>
  has({ type: isText })(value) && Object.values(Object(value)).every((part) => isText(part) || isNumber(part))

const hasStateFields = has({
  id: isText,
  key: isText,
  type: isText,
  initial: perhapsText,
  description: perhapsText,
  entry: perhapsTexts,
  exit: perhapsTexts,
  tags: perhapsTexts,
  invoke: maybe(listOf(has({ id: isText, src: isText }))),
  transitions: maybe(
    listOf(
      has({
        id: isText,
        event: isText,
        trigger: isTrigger,
        guard: perhapsText,
        description: perhapsText,
        actions: perhapsTexts,
        targets: perhapsTexts,
        unknownTargets: perhapsTexts,
      }),
    ),
  ),
})

function isState(value: unknown, depth: number): boolean {
  return (
    depth < DEEPEST &&
    isFields(value) &&
    hasStateFields(value) &&
    maybe(listOf((child) => isState(child, depth + 1)))(value.states)
  )
}

/** Ids of the states that a snapshot's value names, with those above them. */
export function activeIn(root: ChartState, value: unknown): ReadonlySet<string> {
  const active = new Set<string>()
  const visit = (state: ChartState, inner: unknown): void => {
    active.add(state.id)
    const below: unknown = typeof inner === 'string' ? { [inner]: undefined } : inner
    if (!isFields(below)) return
    for (const child of state.states ?? [])
      if (Object.hasOwn(below, child.key)) visit(child, below[child.key])
  }
  if (value !== undefined && value !== null) visit(root, value)
  return active
}

/** What XState calls a machine to which nobody has given an id. */
const NAMELESS = '(machine)'

const calledCharts = new WeakMap<Chart, Map<string, Chart>>()

/** The chart, with the name of its service where its machine has none; the same one each time, since it is drawn once. */
export function calledAs(chart: Chart, name: string): Chart {
  if (chart.root.key !== NAMELESS) return chart
  const called = calledCharts.get(chart) ?? new Map<string, Chart>()
  calledCharts.set(chart, called)
  const known = called.get(name) ?? {
    ...chart,
    id: name,
    hash: `${chart.hash} ${name}`,
    root: { ...chart.root, key: name },
  }
  called.set(name, known)
  return known
}

/** What a state's value tells of a machine whose chart nobody knows: the states that it is in. */
export function chartOfStates(id: string, value: unknown): Chart {
  const states = (inner: unknown, path: string): Pick<ChartState, 'type' | 'states'> => {
    const below = Object.entries(
      typeof inner === 'string' ? { [inner]: undefined } : isFields(inner) ? inner : {},
    )
    if (below.length === 0) return { type: 'atomic' }
    return {
      type: below.length > 1 ? 'parallel' : 'compound',
      states: below.map(([key, deeper]) => ({
        id: `${path}.${key}`,
        key,
        ...states(deeper, `${path}.${key}`),
      })),
    }
  }
  return { id, hash: `states of ${id} ${JSON.stringify(value)}`, root: { id, key: id, ...states(value, id) } }
}

/**
 * The author's chart within the lifecycle's, where its state `running` is. Ids of the lifecycle get a mark of their own; of its states only
 * what leads from one to another is there, so that there is room for the author's: all of them is shown by the lifecycle alone.
 */
export function around(lifecycle: Chart, machine: Chart): Chart {
  const marked = (whole: ChartState): ChartState => {
    const { entry: _, exit: __, ...state } = whole
    const isRunning = state.key === 'running' && state.states === undefined
    const states = isRunning ? [machine.root] : state.states?.map(marked)
    return {
      ...state,
      id: mark(state.id),
      ...(state.initial !== undefined && { initial: mark(state.initial) }),
      ...(states !== undefined && { states }),
      ...(isRunning && { type: 'compound' as const }),
      ...(state.transitions !== undefined && {
        transitions: state.transitions
          .filter((transition) => !isStaying(state, transition))
          .map(({ guard: _, actions: __, ...transition }) => ({
            ...transition,
            id: mark(transition.id),
            targets: (transition.targets ?? []).map(mark),
          })),
      }),
    }
  }
  return { id: machine.id, hash: `${lifecycle.hash}+${machine.hash}`, root: marked(lifecycle.root) }
}

/** The id of a state or transition of the lifecycle, where both charts are shown in one. */
export function mark(id: string): string {
  return `lifecycle ${id}`
}
