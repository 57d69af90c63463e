import { type ReadonlySignal, useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import { type Box, HEAD, INDENT, ROW, type Row } from './figure.js'
import { INITIAL, type Rectangle, type Route } from './graph.js'
import { isInnermost, type Live } from './live.js'
import { pathOf } from './path.js'
import { counted, dueText } from './words.js'

const TYPES = {
  atomic: 'state',
  compound: 'state',
  parallel: 'parallel state',
  final: 'final state',
  history: 'history',
}
const MARKS: Readonly<Record<Row['kind'], string>> = {
  entry: '↓',
  exit: '↑',
  invoke: '◎',
  stay: '↺',
  leave: '→',
}
const KINDS: Readonly<Record<Row['kind'], string>> = {
  entry: 'on entry',
  exit: 'on exit',
  invoke: 'invokes',
  stay: 'stays on',
  leave: 'leads on with',
}

export interface BoxProps {
  readonly box: Box
  readonly place: Rectangle
  /** Where its name and rows begin. */
  readonly headAt: number
  readonly live: ReadonlySignal<Live>
  readonly nowMs: ReadonlySignal<number | undefined>
  readonly chosen: ReadonlySignal<string | undefined>
  readonly found: ReadonlySignal<ReadonlySet<string>>
  readonly choose: (id: string) => void
  readonly fold: (id: string) => void
}

/** One state: a box with its name, what it does on entry and exit, what it invokes, and the events that it stays on. */
export function StateBox({
  box,
  place,
  headAt,
  live,
  nowMs,
  chosen,
  found,
  choose,
  fold,
}: BoxProps): JSX.Element {
  const { state } = box
  const look = useComputed(() => {
    const { active } = live.value
    const marks = [
      active.has(state.id) && 'active',
      isInnermost(box, active) && 'leaf',
      chosen.value === state.id && 'chosen',
      found.value.has(state.id) && 'found',
    ]
    return ['box', state.type, box.children.length > 0 && 'open', ...marks].filter(Boolean).join(' ')
  })
  const { x, y, width, height } = place
  const name = useComputed(() => {
    const parts = [state.key, TYPES[state.type], live.value.active.has(state.id) && 'active']
    return parts.filter(Boolean).join(', ')
  })
  return (
    <g
      id={domId(state.id)}
      class={look}
      transform={`translate(${x} ${y})`}
      role="treeitem"
      aria-label={name}
      aria-level={levelOf(box)}
      aria-expanded={state.states === undefined ? undefined : box.folded === 0}
      aria-selected={useComputed(() => chosen.value === state.id)}
      onClick={(event) => {
        event.stopPropagation()
        choose(state.id)
      }}
      onDblClick={(event) => {
        event.stopPropagation()
        if (state.states !== undefined) fold(state.id)
      }}
    >
      {state.type === 'history' ? (
        <>
          <circle class="frame" cx={width / 2} cy={height / 2} r={width / 2} />
          <text class="history" x={width / 2} y={height / 2 + 4} text-anchor="middle">
            {state.history === 'deep' ? 'H*' : 'H'}
          </text>
        </>
      ) : (
        <>
          <rect class="frame" width={width} height={height} rx={9} />
          {state.type === 'final' && (
            <rect class="inner" x={3} y={3} width={width - 6} height={height - 6} rx={6} />
          )}
          <circle class="lamp" cx={headAt + 16} cy={HEAD / 2} r={4} />
          <text class="title" x={headAt + INDENT} y={HEAD / 2 + 4.5}>
            {box.title}
            <title>{state.description ?? state.key}</title>
          </text>
          {state.states !== undefined && <Folder box={box} width={width} fold={fold} />}
          {box.rows.length > 0 && <line class="rule" x1={0} x2={width} y1={HEAD} y2={HEAD} />}
          {box.rows.map((row, index) => (
            <BoxRow
              key={`${row.kind} ${row.of}`}
              row={row}
              x={headAt}
              y={HEAD + 4 + ROW * index}
              live={live}
              nowMs={nowMs}
            />
          ))}
          {box.folded > 0 && (
            <text class="more" x={14} y={height - 9}>
              {counted(box.folded, 'state')} inside
            </text>
          )}
        </>
      )}
    </g>
  )
}

/** How deep it is in what is drawn: boxes stand beside one another in the document. */
function levelOf({ parent }: Box): number {
  return parent === undefined ? 1 : levelOf(parent) + 1
}

function Folder({ box, width, fold }: { box: Box; width: number; fold: (id: string) => void }): JSX.Element {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the tree is worked by keys as a whole
    <g
      class="folder"
      transform={`translate(${width - 24} 7)`}
      onClick={(event) => {
        event.stopPropagation()
        fold(box.state.id)
      }}
    >
      <rect width={16} height={16} rx={4} />
      <path d={box.folded > 0 ? 'M8 4.5v7M4.5 8h7' : 'M4.5 8h7'} />
      <title>{box.folded > 0 ? 'Unfold (Enter)' : 'Fold (Enter)'}</title>
    </g>
  )
}

function BoxRow({
  row,
  x,
  y,
  live,
  nowMs,
}: {
  row: Row
  x: number
  y: number
  live: ReadonlySignal<Live>
  nowMs: ReadonlySignal<number | undefined>
}): JSX.Element {
  const look = useComputed(() => {
    const { actors, taken } = live.value
    const isOn = row.kind === 'invoke' ? actors.has(row.of) : taken.has(row.of)
    return `row ${row.kind}${isOn ? ' on' : ''}`
  })
  const left = useComputed(() => {
    const timer = row.event === undefined ? undefined : live.value.timers.get(row.event)
    return timer === undefined ? '' : `  ${dueText(timer.dueAtMs, nowMs.value)}`
  })
  return (
    <g class={look} transform={`translate(${x} ${y})`}>
      <text class="mark" x={16} y={13} text-anchor="middle">
        {MARKS[row.kind]}
      </text>
      <text x={INDENT} y={13}>
        {row.text}
        <tspan class="left">{left}</tspan>
        <title>{`${KINDS[row.kind]} ${row.full}`}</title>
      </text>
    </g>
  )
}

/** The dot and the arrow from which a state's beginning is drawn. */
export function Beginning({
  parent,
  place,
  route,
}: {
  parent: string
  place: Rectangle
  route: Route | undefined
}): JSX.Element {
  return (
    <g class="beginning" data-of={`${INITIAL}${parent}`}>
      {route !== undefined && <path class="line" d={pathOf(route.points)} marker-end="url(#arrow)" />}
      <circle cx={place.x + place.width / 2} cy={place.y + place.height / 2} r={4.5} />
    </g>
  )
}

/** The id of a state as one of the document, where it may hold anything. */
export function domId(state: string): string {
  return `state-${encodeURIComponent(state)}`
}
