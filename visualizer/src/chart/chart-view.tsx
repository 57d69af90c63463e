import { type ReadonlySignal, useComputed, useSignal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import type { Chart } from '../../../src/inspect/chart/chart.js'
import { ChartExports } from '../exports/chart-exports.js'
import { Late } from '../shell/late.js'
import { later } from '../shell/later.js'
import { link } from '../shell/link.js'
import { domId } from './boxes.js'
import { Camera } from './camera.js'
import { useDrawn } from './drawn.js'
import { above, asAtFirst, leftOf, matching, statesOf } from './folding.js'
import type { Direction } from './graph.js'
import { actionOf } from './keys.js'
import type { Live } from './live.js'
import { Arrows, Scene } from './scene.js'
import { ChartToolbar } from './toolbar.js'

const list = later(() => import('./chart-list.js'))
const card = later(() => import('./state-card.js'))
const minimap = later(() => import('./minimap.js'))

/**
 * A statechart with what is alive in it; another chart needs a view of its own, by a key. Keys: arrows go from state to state, Enter folds, + and − zoom, 0 fits,
 * / searches.
 */
export function ChartView({
  chart,
  live,
  nowMs,
  isPlain = false,
  exports,
}: {
  readonly chart: Chart
  readonly live: ReadonlySignal<Live>
  /** Against what its delays count down; undefined where nobody knows whether they still run. */
  readonly nowMs: ReadonlySignal<number | undefined>
  /** Without the toolbar: beside another one. */
  readonly isPlain?: boolean
  /** What else can be saved beside the chart. */
  readonly exports?: ComponentChildren
}): JSX.Element {
  const svg = useRef<SVGSVGElement>(null)
  const search = useRef<HTMLInputElement>(null)
  const refolded = useRef<string | undefined>(undefined)
  const camera = useSignal<Camera | undefined>(undefined)
  const { folded, query } = useMemo(() => (isPlain ? asAtFirst(chart) : leftOf(chart)), [])
  const direction = useComputed<Direction>(() => (link.value.flow === 'right' ? 'RIGHT' : 'DOWN'))
  const asList = useComputed(() => !isPlain && link.value.view === 'list')
  const chosen = useSignal<string | undefined>(undefined)
  const states = useMemo(() => statesOf(chart), [])
  const found = useComputed(() => matching(states, query.value))

  useEffect(() => {
    if (svg.current === null) return
    const made = new Camera(svg.current)
    camera.value = made
    const watch = new ResizeObserver(() => made.resized())
    watch.observe(svg.current)
    return () => watch.disconnect()
  }, [asList.value])

  const { drawn, problem } = useDrawn(chart, { folded, refolded, direction, camera, live })

  function fold(id: string): void {
    refolded.current = id
    const next = new Set(folded.value)
    if (!next.delete(id)) next.add(id)
    folded.value = next
  }

  function choose(id: string, shows = false): void {
    const hiding = above(chart, id).filter((state) => folded.value.has(state))
    if (hiding.length > 0)
      folded.value = new Set([...folded.value].filter((state) => !hiding.includes(state)))
    chosen.value = id
    const place = drawn.value?.drawing.boxes.get(id)
    if (place === undefined) return
    if (shows) camera.value?.centre(place)
    else camera.value?.show(place)
  }

  function pressed(event: KeyboardEvent): void {
    const act = actionOf(event, {
      camera: camera.value,
      drawn: drawn.value,
      chosen: chosen.value,
      states,
      choose,
      letGo: () => (chosen.value = undefined),
      fold,
      search: () => search.current?.focus(),
    })
    if (act === undefined) return
    event.preventDefault()
    act()
  }

  const now = drawn.value
  // Whatever else of the page changes, the drawing is drawn once: what lives in it follows by itself.
  const scene = useMemo(
    () =>
      now && (
        <Scene {...now} live={live} nowMs={nowMs} chosen={chosen} found={found} choose={choose} fold={fold} />
      ),
    [now, live, nowMs],
  )
  // Until it has come nobody misses it.
  const Minimap = minimap.loaded.value?.Minimap
  const isList = asList.value || problem.value !== undefined
  return (
    <div class="chart">
      {!isPlain && (
        <ChartToolbar
          chart={chart}
          states={states}
          query={query}
          search={search}
          direction={direction}
          asList={asList}
          folded={folded}
          camera={camera}
          choose={(id) => choose(id, true)}
        >
          <ChartExports chart={chart} drawing={() => svg.current} size={isList ? undefined : now?.drawing}>
            {exports}
          </ChartExports>
        </ChartToolbar>
      )}
      {problem.value !== undefined && (
        <p class="notice" role="status">
          The chart cannot be drawn, so here it is as a list. {problem.value}
        </p>
      )}
      {isList ? (
        <Late of={list}>{({ ChartList }) => <ChartList chart={chart} live={live} nowMs={nowMs} />}</Late>
      ) : (
        <div class="canvas">
          {/* biome-ignore lint/a11y/useAriaActivedescendantWithTabindex: SVG knows it in small letters alone */}
          <svg
            ref={svg}
            class="drawing"
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: SVG has no element for a tree
            role="tree"
            tabindex={0}
            aria-label={`Statechart of ${chart.id}. Arrow keys go from state to state.`}
            aria-activedescendant={chosen.value === undefined ? undefined : domId(chosen.value)}
            onKeyDown={pressed}
            onClick={() => (chosen.value = undefined)}
          >
            <Arrows />
            <g transform={useComputed(() => camera.value?.transform.value.toString() ?? '')}>{scene}</g>
          </svg>
          {now === undefined && <p class="waiting">Laying out {states.length} states …</p>}
          {now !== undefined && camera.value !== undefined && Minimap !== undefined && (
            <Minimap {...now} camera={camera.value} live={live} />
          )}
          {chosen.value !== undefined && (
            <Late of={card}>
              {({ StateCard }) => (
                <StateCard
                  chart={chart}
                  id={chosen.value ?? ''}
                  live={live}
                  place={now?.drawing.boxes.get(chosen.value ?? '')}
                  camera={camera.value}
                  close={() => (chosen.value = undefined)}
                />
              )}
            </Late>
          )}
        </div>
      )}
      {chart.left !== undefined && (
        <p class="notice">
          {chart.left.states} states and {chart.left.transitions} transitions more are not drawn.
        </p>
      )}
    </div>
  )
}
