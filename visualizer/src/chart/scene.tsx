import type { ReadonlySignal } from '@preact/signals'
import type { JSX } from 'preact'
import { Beginning, StateBox } from './boxes.js'
import { EdgeLabel, EdgeLine } from './edges.js'
import { INITIAL } from './graph.js'
import type { Drawn } from './heads.js'
import type { Live } from './live.js'

/** All that is drawn of a chart: its boxes, where they begin, and the transitions over them. */
export function Scene({
  figure,
  drawing,
  heads,
  live,
  nowMs,
  chosen,
  found,
  choose,
  fold,
}: Drawn & {
  readonly live: ReadonlySignal<Live>
  readonly nowMs: ReadonlySignal<number | undefined>
  readonly chosen: ReadonlySignal<string | undefined>
  readonly found: ReadonlySignal<ReadonlySet<string>>
  readonly choose: (id: string) => void
  readonly fold: (id: string) => void
}): JSX.Element {
  const boxes = [...figure.boxes.values()]
  const edges = figure.edges.flatMap((edge) => {
    const route = drawing.edges.get(edge.id)
    return route === undefined || route.points.length === 0 ? [] : [{ edge, route }]
  })
  return (
    <>
      {boxes.map((box) => {
        const place = drawing.boxes.get(box.state.id)
        if (place === undefined) return null
        const headAt = heads.at.get(box.state.id) ?? 0
        const common = { place, headAt, live, nowMs, chosen, found, choose, fold }
        return <StateBox key={`${box.state.id} ${box.folded}`} box={box} {...common} />
      })}
      {boxes.map(({ state }) => {
        const place = drawing.boxes.get(`${INITIAL}${state.id}`)
        const route = drawing.edges.get(`${INITIAL}${state.id} edge`)
        return place && <Beginning key={state.id} parent={state.id} place={place} route={route} />
      })}
      {edges.map(({ edge, route }) => (
        <EdgeLine key={edge.id} edge={edge} route={route} live={live} chosen={chosen} />
      ))}
      {edges.map(({ edge, route }) => (
        <EdgeLabel key={edge.id} edge={edge} route={route} live={live} nowMs={nowMs} />
      ))}
    </>
  )
}

/** The heads of the arrows, by their names. */
export function Arrows(): JSX.Element {
  const marker = {
    viewBox: '0 0 10 10',
    refX: 8.5,
    refY: 5,
    markerWidth: 9,
    markerHeight: 9,
    orient: 'auto-start-reverse',
  }
  return (
    <defs>
      {['arrow', 'arrow-taken'].map((id) => (
        <marker key={id} id={id} class={id} markerUnits="userSpaceOnUse" {...marker}>
          <path d="M1 1.5 9 5 1 8.5z" />
        </marker>
      ))}
    </defs>
  )
}
