import { type ReadonlySignal, useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import { type Edge, LINE } from './figure.js'
import type { Point, Rectangle, Route } from './graph.js'
import type { Live } from './live.js'
import { pathOf } from './path.js'
import { dueText } from './words.js'

/** A transition's line, from state to state. */
export function EdgeLine({
  edge,
  route,
  live,
  chosen,
}: {
  edge: Edge
  route: Route
  live: ReadonlySignal<Live>
  chosen: ReadonlySignal<string | undefined>
}): JSX.Element {
  const isTaken = useComputed(() => edge.transitions.some(({ id }) => live.value.taken.has(id)))
  return (
    <path
      class={useComputed(() => {
        const isNear = chosen.value === edge.source || chosen.value === edge.target
        return `line${isTaken.value ? ' taken' : ''}${isNear ? ' near' : ''}`
      })}
      d={pathOf(route.points)}
      marker-end={useComputed(() => (isTaken.value ? 'url(#arrow-taken)' : 'url(#arrow)'))}
    />
  )
}

/** What stands on it: event, guard, actions, and how long its delay still takes. */
export function EdgeLabel({
  edge,
  route,
  live,
  nowMs,
}: {
  edge: Edge
  route: Route
  live: ReadonlySignal<Live>
  nowMs: ReadonlySignal<number | undefined>
}): JSX.Element | null {
  const { transitions } = edge
  const look = useComputed(() => {
    const { taken, timers } = live.value
    const marks = [
      transitions.some(({ id }) => taken.has(id)) && 'taken',
      transitions.some(({ event }) => timers.has(event)) && 'counting',
    ]
    return ['label', transitions[0]?.trigger.type, ...marks].filter(Boolean).join(' ')
  })
  const timer = useComputed(() => {
    const { timers } = live.value
    const counting = transitions.find(({ event }) => timers.has(event))
    return counting === undefined ? undefined : timers.get(counting.event)
  })
  const place = route.label ?? around(route.points, edge)
  if (edge.width === 0) return null
  return (
    <g class={look} transform={`translate(${place.x} ${place.y})`}>
      <rect class="pill" width={edge.width} height={edge.height} rx={7} />
      {edge.lines.map(({ kind, text }, index) => (
        <text key={kind} class={kind} x={edge.width / 2} y={LINE * (index + 1)} text-anchor="middle">
          {text}
        </text>
      ))}
      {timer.value !== undefined && (
        <Countdown {...timer.value} width={edge.width} height={edge.height} nowMs={nowMs} />
      )}
      <title>{edge.lines.map(({ text }) => text).join(' ')}</title>
    </g>
  )
}

/** How long a delay still takes: a bar that empties, and the time. */
function Countdown({
  dueAtMs,
  delayMs,
  width,
  height,
  nowMs,
}: {
  readonly dueAtMs: number
  readonly delayMs: number
  readonly width: number
  readonly height: number
  readonly nowMs: ReadonlySignal<number | undefined>
}): JSX.Element {
  const share = useComputed(() => {
    const leftMs = Math.max(0, dueAtMs - (nowMs.value ?? dueAtMs))
    return delayMs > 0 ? Math.min(1, leftMs / delayMs) * (width - 12) : 0
  })
  const text = useComputed(() => dueText(dueAtMs, nowMs.value))
  return (
    <g class="countdown">
      <rect class="track" x={6} y={height - 3} width={width - 12} height={2} rx={1} />
      <rect class="rest" x={6} y={height - 3} width={share} height={2} rx={1} />
      <g transform={`translate(${width / 2} -4)`}>
        <text text-anchor="middle">{text}</text>
      </g>
    </g>
  )
}

/** Where a label stands that the layout has not placed. */
function around(points: readonly Point[], { width, height }: Edge): Rectangle {
  const middle = points[Math.floor(points.length / 2)] ?? { x: 0, y: 0 }
  return { x: middle.x - width / 2, y: middle.y - height / 2, width, height }
}
