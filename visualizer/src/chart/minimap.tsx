import { type ReadonlySignal, useComputed, useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useMemo, useRef } from 'preact/hooks'
import { type Camera, MAP_SHARE } from './camera.js'
import { type Corner, freestCorner } from './corner.js'
import { placesOf } from './graph.js'
import { type Drawn, seenOf } from './heads.js'
import { innermost, type Live } from './live.js'

const WIDTH = 168
const TALLEST = 120
/** From the map to the edges of its window. */
const CORNER = 12
/** Smaller than this nobody makes anything out. */
const LEAST = 56
/** A window of less width has no room for a map beside what is read. */
const NARROW = 600

/** The whole chart in small, with what is seen of it; shown where the chart is larger than its window, and there is room. */
export function Minimap({
  figure,
  drawing,
  heads,
  camera,
  live,
}: Drawn & {
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
  // It gives way to what is alive, and to names and labels where it can, unless somebody has a hand on it. In a narrow window it is away where it cannot.
  const isHeld = useSignal(false)
  const stood = useRef<Corner>('right')
  const { texts, folders } = useMemo(() => seenOf(figure, drawing, heads), [figure, drawing])
  const corner = useComputed(() => {
    if (isHeld.value) return stood.current
    const alive = placesOf(drawing, innermost(figure, live.value.active))
    const places = [alive, texts, folders].map((all) => all.map((place) => camera.onScreen(place)))
    const own = { width: drawing.width * scale + CORNER, height: drawing.height * scale + CORNER }
    const { corner, isFree } = freestCorner(stood.current, own, camera.room.value, places)
    stood.current = corner
    return isFree || camera.room.value.width >= NARROW ? corner : undefined
  })
  const hasRoom = Math.max(drawing.width, drawing.height) * scale >= LEAST
  if (!isNeeded.value || !hasRoom || corner.value === undefined) return null

  const goTo = (event: PointerEvent): void => {
    if (event.buttons === 0) return
    // The listener is on the SVG itself.
    const { left, top } = (event.currentTarget as SVGSVGElement).getBoundingClientRect()
    const [x, y] = [(event.clientX - left) / scale, (event.clientY - top) / scale]
    camera.centre({ x, y, width: 0, height: 0 }, false)
  }
  return (
    <svg
      class={`minimap ${corner.value}`}
      aria-hidden="true"
      width={drawing.width * scale}
      height={drawing.height * scale}
      viewBox={`0 0 ${drawing.width} ${drawing.height}`}
      onPointerDown={(event) => {
        isHeld.value = true
        goTo(event)
      }}
      onPointerMove={goTo}
      onPointerUp={() => (isHeld.value = false)}
      onPointerLeave={() => (isHeld.value = false)}
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
