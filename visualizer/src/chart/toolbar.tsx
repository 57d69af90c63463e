import type { ReadonlySignal, Signal } from '@preact/signals'
import type { ComponentChildren, JSX, RefObject } from 'preact'
import type { Chart, ChartState } from '../../../src/inspect/chart/chart.js'
import { go } from '../shell/link.js'
import type { Camera } from './camera.js'
import { matching } from './folding.js'
import type { Direction } from './graph.js'

/** Search, folding, direction, zoom, and the chart as a list. */
export function ChartToolbar({
  chart,
  states,
  query,
  search,
  direction,
  asList,
  folded,
  camera,
  choose,
  children,
}: {
  readonly chart: Chart
  readonly states: readonly ChartState[]
  readonly query: Signal<string>
  readonly search: RefObject<HTMLInputElement | null>
  readonly direction: ReadonlySignal<Direction>
  readonly asList: ReadonlySignal<boolean>
  readonly folded: Signal<ReadonlySet<string>>
  readonly camera: Signal<Camera | undefined>
  readonly choose: (id: string) => void
  /** What else can be done with the chart. */
  readonly children: ComponentChildren
}): JSX.Element {
  const compounds = states.filter((state) => state.states !== undefined && state.id !== chart.root.id)
  const text = query.value.trim().toLowerCase()
  const found = matching(states, text)
  const hit = (state: ChartState): boolean => state.key.toLowerCase().includes(text)
  function searched(event: KeyboardEvent): void {
    if (event.key === 'Escape') query.value = ''
    if (event.key !== 'Enter' || text === '') return
    const first = states.find(hit) ?? states.find(({ id }) => found.has(id))
    if (first !== undefined) choose(first.id)
  }
  const view = asList.value
  return (
    <div class="toolbar" role="toolbar" aria-label="Chart">
      <input
        ref={search}
        type="search"
        placeholder="Find a state or event  /"
        aria-label="Find a state or an event in the chart"
        value={query}
        onInput={({ currentTarget }) => (query.value = currentTarget.value)}
        onKeyDown={searched}
      />
      <span class="space" role="status">
        {text !== '' && found.size === 0 && <b>None is like that.</b>}
      </span>
      {compounds.length > 0 && !view && (
        <button
          type="button"
          onClick={() =>
            (folded.value = folded.value.size > 0 ? new Set() : new Set(compounds.map(({ id }) => id)))
          }
        >
          {folded.value.size > 0 ? 'Unfold all' : 'Fold all'}
        </button>
      )}
      {!view && (
        <>
          <button
            type="button"
            aria-label={direction.value === 'DOWN' ? 'Draw from left to right' : 'Draw from top to bottom'}
            title={direction.value === 'DOWN' ? 'Draw from left to right' : 'Draw from top to bottom'}
            onClick={() => go({ flow: direction.value === 'DOWN' ? 'right' : undefined })}
          >
            {direction.value === 'DOWN' ? '→' : '↓'}
          </button>
          <span class="group">
            <button
              type="button"
              aria-label="Zoom out"
              title="Zoom out (−)"
              onClick={() => camera.value?.by(1 / 1.3)}
            >
              −
            </button>
            <button type="button" aria-label="Fit" title="Fit (0)" onClick={() => camera.value?.refit()}>
              Fit
            </button>
            <button
              type="button"
              aria-label="Zoom in"
              title="Zoom in (+)"
              onClick={() => camera.value?.by(1.3)}
            >
              +
            </button>
          </span>
        </>
      )}
      {children}
      <button type="button" aria-pressed={view} onClick={() => go({ view: view ? undefined : 'list' })}>
        List
      </button>
    </div>
  )
}
