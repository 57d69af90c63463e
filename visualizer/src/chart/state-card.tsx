import type { ReadonlySignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { Chart } from '../../../src/inspect/chart/chart.js'
import type { Camera } from './camera.js'
import { cardCorner } from './card-corner.js'
import { invokedText, TransitionText } from './chart-list.js'
import { statesOf } from './folding.js'
import type { Rectangle } from './graph.js'
import type { Live } from './live.js'

const NONE = { width: 0, height: 0 }

/** Everything that the chart tells of one state, in full. */
export function StateCard({
  chart,
  id,
  live,
  place,
  camera,
  close,
}: {
  readonly chart: Chart
  readonly id: string
  readonly live: ReadonlySignal<Live>
  /** Where the state is drawn. */
  readonly place: Rectangle | undefined
  readonly camera: Camera | undefined
  readonly close: () => void
}): JSX.Element | null {
  const state = statesOf(chart).find((known) => known.id === id)
  if (state === undefined) return null
  const { corner, mostPx } = cardCorner(place && camera?.onScreen(place), camera?.room.value ?? NONE)
  const { transitions = [], entry = [], exit = [], invoke = [], tags = [] } = state
  return (
    <aside
      class={`card ${corner}`}
      style={mostPx === undefined ? {} : { maxHeight: `${mostPx}px` }}
      aria-label={`State ${state.key}`}
    >
      <header>
        <h3>{state.key}</h3>
        <span class="badge">{state.type}</span>
        {live.value.active.has(id) && <span class="badge on">active</span>}
        {tags.map((tag) => (
          <span key={tag} class="badge tag">
            {tag}
          </span>
        ))}
        <button type="button" class="quiet" aria-label="Close" onClick={close}>
          ×
        </button>
      </header>
      {state.description !== undefined && <p>{state.description}</p>}
      <dl>
        <Names title="On entry" names={entry} />
        <Names title="On exit" names={exit} />
        <Names title="Invokes" names={invoke.map(invokedText)} />
      </dl>
      {transitions.length > 0 && (
        <ul>
          {transitions.map((transition) => (
            <li key={transition.id}>
              <TransitionText transition={transition} chart={chart} />
            </li>
          ))}
        </ul>
      )}
    </aside>
  )
}

function Names({ title, names }: { title: string; names: readonly string[] }): JSX.Element | null {
  if (names.length === 0) return null
  return (
    <div>
      <dt>{title}</dt>
      <dd>{names.join(', ')}</dd>
    </div>
  )
}
