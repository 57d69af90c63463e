import { type ReadonlySignal, useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import { type Camera, MAP_SHARE } from './camera.js'
import type { Figure } from './figure.js'
import type { Drawing } from './graph.js'
import type { Live } from './live.js'

const WIDTH = 168
const TALLEST = 120
/** Smaller than this nobody makes anything out. */
const LEAST = 56

/** The whole chart in small, with what is seen of it; shown where the chart is larger than its window, and there is room. */
export function Minimap({
  figure,
  drawing,
  camera,
  live,
}: {
  readonly figure: Figure
  readonly drawing: Drawing
  readonly camera: Camera
  readonly live: ReadonlySignal<Live>
}): JSX.Element | null {
  const scale = useComputed(() => {
    const { width, height } = camera.room.value
    return Math.min(
      Math.min(WIDTH, width * MAP_SHARE) / drawing.width,
      Math.min(TALLEST, height * MAP_SHARE) / drawing.height,
    )
  }).value
  const view = useComputed(() => {
    const { x, y, k } = camera.transform.value
    const { width, height } = camera.room.value
    return { x: -x / k, y: -y / k, width: width / k, height: height / k }
  })
  const isNeeded = useComputed(
    () => view.value.width < drawing.width * 0.98 || view.value.height < drawing.height * 0.98,
  )
  const hasRoom = Math.max(drawing.width, drawing.height) * scale >= LEAST
  if (!isNeeded.value || !hasRoom) return null

  const goTo = (event: PointerEvent): void => {
    if (event.buttons === 0) return
    // The listener is on the SVG itself.
    const { left, top } = (event.currentTarget as SVGSVGElement).getBoundingClientRect()
    const [x, y] = [(event.clientX - left) / scale, (event.clientY - top) / scale]
    camera.centre({ x, y, width: 0, height: 0 }, false)
  }
  return (
    <svg
      class="minimap"
      aria-hidden="true"
      width={drawing.width * scale}
      height={drawing.height * scale}
      viewBox={`0 0 ${drawing.width} ${drawing.height}`}
      onPointerDown={goTo}
      onPointerMove={goTo}
    >
      {[...figure.boxes.values()].map(({ state, children }) => {
        const place = drawing.boxes.get(state.id)
        if (place === undefined) return null
        const look = live.value.active.has(state.id) ? 'mini active' : 'mini'
        return (
          <rect key={state.id} class={`${look}${children.length > 0 ? ' open' : ''}`} {...place} rx={8} />
        )
      })}
      <rect class="seen" {...view.value} rx={8} />
    </svg>
  )
}
