import { type ReadonlySignal, type Signal, useComputed, useSignal, useSignalEffect } from '@preact/signals'
import { useMemo, useRef } from 'preact/hooks'
import type { Chart } from '../../../src/inspect/chart/chart.js'
import type { Camera } from './camera.js'
import { figureOf } from './figure.js'
import { type Direction, placesOf } from './graph.js'
import { type Drawn, drawnClear } from './heads.js'
import { layOut } from './layout.js'
import { arrivedAt, innermost, type Live } from './live.js'
import { paced } from './paced.js'
import { canvasMeasure } from './text.js'

let measure: ReturnType<typeof canvasMeasure> | undefined
/** Charts, folded as they were, that could not be laid out with a label on each edge. */
const tooDense = new Set<string>()
/** Between two moves of the view after the machine. */
const FOLLOW_MS = 400

/** How a chart is to be drawn. */
interface Look {
  readonly folded: ReadonlySignal<ReadonlySet<string>>
  /** The state that somebody has folded or unfolded last. */
  readonly refolded: { readonly current: string | undefined }
  readonly direction: ReadonlySignal<Direction>
  readonly camera: ReadonlySignal<Camera | undefined>
  readonly live: ReadonlySignal<Live>
}

/** Lays a chart out as it is to be drawn, and has the camera show it and go where the machine goes; `problem`: why it cannot be laid out. */
export function useDrawn(
  chart: Chart,
  { folded, refolded, direction, camera, live }: Look,
): { readonly drawn: Signal<Drawn | undefined>; readonly problem: Signal<string | undefined> } {
  const drawn = useSignal<Drawn | undefined>(undefined)
  const problem = useSignal<string | undefined>(undefined)
  /** The innermost states that were active before, and those of them to which the last transitions had led. */
  const stood = useRef<Record<'leaves' | 'arrived', readonly string[]>>({ leaves: [], arrived: [] })
  const pace = useMemo(() => paced(FOLLOW_MS), [])
  const isTall = useComputed(() => camera.value?.isTall ?? false)

  useSignalEffect(() => {
    const away = folded.value
    const name = `${chart.hash} ${[...away].sort().join(' ')}`
    const look = [direction.value, isTall.value] as const
    const drawnAs = (asLarge: boolean): Promise<Drawn> => {
      measure ??= canvasMeasure()
      const measured = measure
      return drawnClear(
        (least) => figureOf(chart, away, measured, asLarge, least),
        (figure, isWider) => layOut(figure, isWider ? `${name} wider` : name, ...look),
      )
    }
    let isOver = false
    problem.value = undefined
    const first = drawnAs(tooDense.has(name)).catch(() => {
      tooDense.add(name)
      return drawnAs(true)
    })
    first.then(
      (next) => {
        if (!isOver) drawn.value = next
      },
      (error: unknown) => {
        if (isOver) return
        problem.value = error instanceof Error ? error.message : String(error)
        drawn.value = undefined
      },
    )
    return () => {
      isOver = true
    }
  })

  // Where somebody has folded something, or else the machine is, if not all of it can be read.
  useSignalEffect(() => {
    const now = drawn.value
    if (now === undefined) return
    const { figure, drawing } = now
    const place = drawing.boxes.get(refolded.current ?? '')
    const arrived = arrivedAt(figure, live.peek())
    const places = placesOf(drawing, arrived.length > 0 ? arrived : innermost(figure, live.peek().active))
    camera.value?.begin(drawing, place === undefined ? places : [place])
  })

  // Where the machine goes, the view goes, too: as often as a person can follow.
  useSignalEffect(() => {
    const now = drawn.value
    if (now === undefined) return
    const leaves = innermost(now.figure, live.value.active)
    const arrived = arrivedAt(now.figure, live.value)
    const isSame = `${arrived}` === `${stood.current.arrived}`
    // Of an application that tells no transitions, what it has entered says where it went.
    const entered = leaves.filter((id) => !stood.current.leaves.includes(id))
    const gone = arrived.length > 0 && !(isSame && entered.length === 0) ? arrived : entered
    stood.current = { leaves, arrived }
    if (gone.length > 0) pace(() => camera.peek()?.follow(now.drawing, placesOf(now.drawing, gone)))
  })
  return { drawn, problem }
}
