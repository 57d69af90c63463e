import type { Chart, ChartState, ChartTransition } from '../../../src/inspect/chart/chart.js'
import { isStaying, type Way, waysOf } from './seen.js'
import { keysOf } from './state-keys.js'
import { type Font, fitted, type Measure } from './text.js'
import { type Line, leadingTexts, linesOfAll, wholeText } from './transition-text.js'

/** What is drawn of a chart while some of its states are folded: boxes in boxes, and edges between them, with their sizes. */
export interface Figure {
  readonly root: Box
  /** Too many to lay out with a label on each edge: what leads out of a state stands in its box. */
  readonly isLarge: boolean
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
  /** How far its name and rows reach from where they begin. */
  readonly head: number
  /** States that are folded away in it. */
  readonly folded: number
  /** Whether it begins when its parent does. */
  readonly initial: boolean
}

/** A line in a box. */
export interface Row {
  readonly kind: 'entry' | 'exit' | 'invoke' | 'stay' | 'leave'
  readonly text: string
  readonly full: string
  /** The transition that stays in the state or leads out of it, or the actor that it invokes. */
  readonly of: string
  /** Of a delay: the type of the event that comes at its end. */
  readonly event?: string
}

export interface Edge {
  readonly id: string
  /** More than one where folded states hide where they lead. */
  readonly transitions: readonly ChartTransition[]
  readonly source: string
  readonly target: string
  readonly lines: readonly Line[]
  readonly width: number
  readonly height: number
}

export const HEAD = 30
export const ROW = 18
export const LINE = 15
/** Before the texts of a box. */
export const INDENT = 28
const LONGEST_ROW = 250
const LONGEST_LINE = 190
const NARROWEST = 96
/** Room for how long a delay still takes. */
const COUNTDOWN = 64
const FONTS = {
  title: '600 13px',
  row: '400 11px',
  trigger: '600 11px',
  guard: '400 11px',
  action: '400 11px',
}

/** Boxes, and edges, from which on a figure is large. */
const MANY_BOXES = 60
const MANY_EDGES = 80

/** @param asLarge as if it were large, whatever its size; `least`: states that are to be wider than they need by themselves */
export function figureOf(
  chart: Chart,
  folded: ReadonlySet<string>,
  measure: Measure,
  asLarge = false,
  least: ReadonlyMap<string, number> = new Map(),
): Figure {
  const ways = waysOf(chart, folded)
  const isLarge = asLarge || new Set(ways.seen.values()).size > MANY_BOXES || ways.all.length > MANY_EDGES
  const boxes = new Map<string, Box>()

  function boxOf(state: ChartState, parent: Box | undefined, initial: boolean): Box {
    const states = state.states ?? []
    const isFolded = folded.has(state.id) && states.length > 0
    const rows = state.type === 'history' ? [] : rowsOf(state, isLarge, keysOf(chart), measure)
    const title = fitted(state.key, FONTS.title, LONGEST_ROW, measure)
    const named = INDENT + measure(title, FONTS.title)
    const listed = rows.map(
      ({ text, event }) => INDENT + measure(text, FONTS.row) + (event === undefined ? 0 : COUNTDOWN),
    )
    const widths = [named + (states.length > 0 ? 34 : 12), ...listed.map((width) => width + 16)]
    const box: Box = {
      state,
      parent,
      children: [],
      rows,
      title,
      width:
        state.type === 'history' ? 28 : Math.ceil(Math.max(NARROWEST, least.get(state.id) ?? 0, ...widths)),
      height:
        state.type === 'history'
          ? 28
          : HEAD + (rows.length > 0 ? rows.length * ROW + 8 : 0) + (isFolded ? ROW + 6 : 0),
      head: Math.ceil(Math.max(named, ...listed)),
      folded: isFolded ? count(state) - 1 : 0,
      initial,
    }
    boxes.set(state.id, box)
    if (!isFolded)
      for (const child of states) box.children.push(boxOf(child, box, child.id === state.initial))
    return box
  }
  const root = boxOf(chart.root, undefined, false)
  return { root, isLarge, boxes, edges: ways.all.map((way) => edgeOf(way, isLarge, measure)) }
}

function rowsOf(
  state: ChartState,
  isLarge: boolean,
  keys: ReadonlyMap<string, string>,
  measure: Measure,
): readonly Row[] {
  const row = (kind: Row['kind'], said: string, of: string, event?: string, end = ''): Row => ({
    kind,
    full: said + end,
    of,
    text: fitted(said, FONTS.row, LONGEST_ROW, measure, end),
    ...(event !== undefined && { event }),
  })
  return [
    ...(state.entry ?? []).map((name) => row('entry', name, name)),
    ...(state.exit ?? []).map((name) => row('exit', name, name)),
    ...(state.invoke ?? []).map(({ id, src }) => row('invoke', src, id)),
    ...(state.transitions ?? []).flatMap((transition) => {
      if (isStaying(state, transition)) return [row('stay', wholeText(transition), transition.id)]
      const delay = transition.trigger.type === 'after' ? transition.event : undefined
      if (!isLarge) return []
      const [said, end] = leadingTexts(transition, keys)
      return [row('leave', said, transition.id, delay, end)]
    }),
  ]
}

function edgeOf(way: Way, isLarge: boolean, measure: Measure): Edge {
  const lines = (isLarge ? [] : linesOfAll(way.transitions)).map(({ kind, text }) => ({
    kind,
    text: fitted(text, FONTS[kind], LONGEST_LINE, measure),
  }))
  const widths = lines.map(({ kind, text }) => measure(text, FONTS[kind] satisfies Font))
  return {
    ...way,
    lines,
    width: lines.length === 0 ? 0 : Math.ceil(Math.max(...widths)) + 16,
    height: lines.length === 0 ? 0 : lines.length * LINE + 7,
  }
}

export function count(state: ChartState): number {
  return 1 + (state.states ?? []).reduce((sum, child) => sum + count(child), 0)
}
