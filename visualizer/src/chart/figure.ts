import type { Chart, ChartState, ChartTransition } from '../../../src/inspect/chart/chart.js'
import { type Font, fitted, type Measure } from './text.js'
import { triggerText } from './words.js'

/** What is drawn of a chart while some of its states are folded: boxes in boxes, and edges between them, with their sizes. */
export interface Figure {
  readonly root: Box
  readonly boxes: ReadonlyMap<string, Box>
  readonly edges: readonly Edge[]
}

export interface Box {
  readonly state: ChartState
  readonly parent: Box | undefined
  readonly children: Box[]
  readonly rows: readonly Row[]
  /** The name as it fits. */
  readonly title: string
  /** Of the box without children; the layout makes it larger where it has some. */
  readonly width: number
  /** Of the head with its rows, below which the children stand. */
  readonly height: number
  /** States that are folded away in it. */
  readonly folded: number
  /** Whether it begins when its parent does. */
  readonly initial: boolean
}

/** A line in a box. */
export interface Row {
  readonly kind: 'entry' | 'exit' | 'invoke' | 'stay'
  readonly text: string
  readonly full: string
  /** The transition that stays in the state, or the actor that it invokes. */
  readonly of: string
}

export interface Edge {
  readonly id: string
  readonly transition: ChartTransition | undefined
  readonly source: string
  readonly target: string
  readonly lines: readonly Line[]
  readonly width: number
  readonly height: number
}

export interface Line {
  readonly kind: 'trigger' | 'guard' | 'action'
  readonly text: string
}

export const HEAD = 30
export const ROW = 18
export const LINE = 15
const LONGEST_ROW = 250
const LONGEST_LINE = 190
const NARROWEST = 96
const FONTS = {
  title: '600 13px',
  row: '400 11px',
  trigger: '600 11px',
  guard: '400 11px',
  action: '400 11px',
}

export function figureOf(chart: Chart, folded: ReadonlySet<string>, measure: Measure): Figure {
  const boxes = new Map<string, Box>()
  /** Where a state is seen: itself, or the folded state that hides it. */
  const seen = new Map<string, string>()
  const root = boxOf(chart.root, undefined, false)

  function boxOf(state: ChartState, parent: Box | undefined, initial: boolean): Box {
    const states = state.states ?? []
    const isFolded = folded.has(state.id) && states.length > 0
    const rows = state.type === 'history' ? [] : rowsOf(state, measure)
    const title = fitted(state.key, FONTS.title, LONGEST_ROW, measure)
    const widths = [
      measure(title, FONTS.title) + (states.length > 0 ? 62 : 40),
      ...rows.map(({ text }) => measure(text, FONTS.row) + 44),
    ]
    const box: Box = {
      state,
      parent,
      children: [],
      rows,
      title,
      width: state.type === 'history' ? 28 : Math.ceil(Math.max(NARROWEST, ...widths)),
      height:
        state.type === 'history'
          ? 28
          : HEAD + (rows.length > 0 ? rows.length * ROW + 8 : 0) + (isFolded ? ROW + 6 : 0),
      folded: isFolded ? count(state) - 1 : 0,
      initial,
    }
    boxes.set(state.id, box)
    seen.set(state.id, state.id)
    if (isFolded) for (const child of states) hide(child, state.id)
    else for (const child of states) box.children.push(boxOf(child, box, child.id === state.initial))
    return box
  }

  function hide(state: ChartState, by: string): void {
    seen.set(state.id, by)
    for (const child of state.states ?? []) hide(child, by)
  }

  const edges = new Map<string, Edge>()
  const visit = (state: ChartState): void => {
    const source = seen.get(state.id) ?? state.id
    for (const transition of state.transitions ?? []) {
      if (isStaying(state, transition)) continue
      for (const named of transition.targets ?? []) {
        const target = seen.get(named)
        // Within a folded state nothing is drawn.
        if (target === undefined || (target === source && source !== state.id)) continue
        const edge = edgeOf(`${transition.id}>${named}`, transition, source, target, measure)
        // Folding makes many of one: what is the same to look at is drawn once.
        const same = [source, target, ...edge.lines.map(({ text }) => text)].join('\n')
        if (!edges.has(same)) edges.set(same, edge)
      }
    }
    for (const child of state.states ?? []) visit(child)
  }
  visit(chart.root)
  return { root, boxes, edges: [...edges.values()] }
}

/** Whether a transition is told in its state's box, since it leads nowhere else. */
function isStaying(state: ChartState, { targets = [] }: ChartTransition): boolean {
  return targets.every((target) => target === state.id)
}

function rowsOf(state: ChartState, measure: Measure): readonly Row[] {
  const row = (kind: Row['kind'], full: string, of: string): Row => ({
    kind,
    full,
    of,
    text: fitted(full, FONTS.row, LONGEST_ROW, measure),
  })
  return [
    ...(state.entry ?? []).map((name) => row('entry', name, name)),
    ...(state.exit ?? []).map((name) => row('exit', name, name)),
    ...(state.invoke ?? []).map(({ id, src }) => row('invoke', src, id)),
    ...(state.transitions ?? [])
      .filter((transition) => isStaying(state, transition))
      .map((transition) => row('stay', wholeText(transition), transition.id)),
  ]
}

function wholeText(transition: ChartTransition): string {
  const unknown = (transition.unknownTargets ?? []).map((name) => ` → ${name}?`).join('')
  const again = transition.targets !== undefined && transition.targets.length > 0 ? ' ↻' : ''
  return [...linesOf(transition).map(({ text }) => text)].join(' ') + unknown + again
}

function linesOf({ trigger, guard, actions = [] }: ChartTransition): readonly Line[] {
  const text = triggerText(trigger)
  return [
    ...(text === '' ? [] : [{ kind: 'trigger' as const, text }]),
    ...(guard === undefined ? [] : [{ kind: 'guard' as const, text: `[${guard}]` }]),
    ...(actions.length === 0 ? [] : [{ kind: 'action' as const, text: `/ ${actions.join(', ')}` }]),
  ]
}

function edgeOf(
  id: string,
  transition: ChartTransition,
  source: string,
  target: string,
  measure: Measure,
): Edge {
  const lines = linesOf(transition).map(({ kind, text }) => ({
    kind,
    text: fitted(text, FONTS[kind], LONGEST_LINE, measure),
  }))
  const widths = lines.map(({ kind, text }) => measure(text, FONTS[kind] satisfies Font))
  const width = lines.length === 0 ? 0 : Math.ceil(Math.max(...widths)) + 16
  return {
    id,
    transition,
    source,
    target,
    lines,
    width,
    height: lines.length === 0 ? 0 : lines.length * LINE + 7,
  }
}

export function count(state: ChartState): number {
  return 1 + (state.states ?? []).reduce((sum, child) => sum + count(child), 0)
}
