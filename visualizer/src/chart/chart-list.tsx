import type { ReadonlySignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { Chart, ChartInvoke, ChartState, ChartTransition } from '../../../src/inspect/chart/chart.js'
import type { Live } from './live.js'
import { keysOf, statePath } from './state-keys.js'
import { actorName, dueText, triggerText } from './words.js'

/** A chart in words: for whoever hears the page, prefers to read, or has a chart that cannot be laid out. */
export function ChartList({
  chart,
  live,
  nowMs,
}: {
  readonly chart: Chart
  readonly live: ReadonlySignal<Live>
  readonly nowMs: ReadonlySignal<number | undefined>
}): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: not every browser gives what scrolls the focus
    <section class="chart-list" aria-label={`States of ${chart.id}`} tabIndex={0}>
      <ul>
        <ListedState state={chart.root} chart={chart} live={live} nowMs={nowMs} />
      </ul>
    </section>
  )
}

function ListedState({
  state,
  chart,
  live,
  nowMs,
}: {
  readonly state: ChartState
  readonly chart: Chart
  readonly live: ReadonlySignal<Live>
  readonly nowMs: ReadonlySignal<number | undefined>
}): JSX.Element {
  const { active, taken, actors } = live.value
  const { entry = [], exit = [], invoke = [] } = state
  const isActive = active.has(state.id)
  return (
    <li class={isActive ? 'active' : ''}>
      <div class="listed-state">
        <strong>{state.key}</strong>
        {state.type !== 'atomic' && state.type !== 'compound' && <span class="badge">{state.type}</span>}
        {isActive && <span class="badge on">active</span>}
        {state.description !== undefined && <p>{state.description}</p>}
      </div>
      <ul class="listed-transitions">
        {entry.length > 0 && <li class="action">on entry {entry.join(', ')}</li>}
        {exit.length > 0 && <li class="action">on exit {exit.join(', ')}</li>}
        {invoke.map((actor) => (
          <li key={actor.id}>
            invokes {invokedText(actor)}{' '}
            {isActive && actors.has(actor.id) && <span class="badge on">is there</span>}
          </li>
        ))}
        {(state.transitions ?? []).map((transition) => (
          <li key={transition.id} class={taken.has(transition.id) ? 'taken' : ''}>
            <TransitionText transition={transition} chart={chart} />
            <TimeLeft transition={transition} live={live} nowMs={nowMs} />
          </li>
        ))}
      </ul>
      {state.states !== undefined && (
        <ul>
          {state.states.map((child) => (
            <ListedState key={child.id} state={child} chart={chart} live={live} nowMs={nowMs} />
          ))}
        </ul>
      )}
    </li>
  )
}

/** Of a delay that runs. */
function TimeLeft({
  transition,
  live,
  nowMs,
}: {
  readonly transition: ChartTransition
  readonly live: ReadonlySignal<Live>
  readonly nowMs: ReadonlySignal<number | undefined>
}): JSX.Element | null {
  const { trigger, event } = transition
  const timer = trigger.type === 'after' ? live.value.timers.get(event) : undefined
  return timer === undefined ? null : <span class="left"> {dueText(timer.dueAtMs, nowMs.value)}</span>
}

/** What a state invokes: its logic, and its id where that is another. */
export function invokedText({ id, src }: ChartInvoke): string {
  const name = actorName(id, src)
  return name === src ? src : `${src} as ${name}`
}

export function TransitionText({
  transition,
  chart,
}: {
  readonly transition: ChartTransition
  readonly chart: Chart
}): JSX.Element {
  const keys = keysOf(chart)
  const { trigger, guard, actions = [], targets = [], unknownTargets = [] } = transition
  return (
    <>
      <span class="trigger">{triggerText(trigger) || 'default'}</span>
      {guard !== undefined && <span class="guard"> [{guard}]</span>}
      {targets.length > 0 && (
        <span class="target"> → {targets.map((id) => statePath(id, keys.get(id) ?? id)).join(', ')}</span>
      )}
      {unknownTargets.length > 0 && (
        <span class="bad"> → {unknownTargets.join(', ')}, which does not exist</span>
      )}
      {actions.length > 0 && <span class="action"> / {actions.join(', ')}</span>}
    </>
  )
}
