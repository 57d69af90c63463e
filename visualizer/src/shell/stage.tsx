import { useComputed } from '@preact/signals'
import type { JSX } from 'preact'
import { ChartView } from '../chart/chart-view.js'
import { counted, lifecycleText, pathName } from '../chart/words.js'
import { saveTest, untestable } from '../exports/save-test.js'
import { momentOf } from '../store/addresses.js'
import type { Service } from '../store/service.js'
import { fieldOf, valueText } from '../store/values.js'
import { Guarded } from './guarded.js'
import { go, link } from './link.js'
import {
  countdownMs,
  isAstray,
  pick,
  pickedIndex,
  selected,
  shownMs,
  shownState,
  shownStep,
  unrecorded,
} from './selection.js'
import { connection, isComing, lastText, standsText, store } from './session.js'
import {
  chosenActor,
  hasLifecycle,
  isOfStates,
  type Shows,
  showActor,
  shownChart,
  shownLive,
  shows,
  twinLive,
} from './shown-chart.js'
import { momentTime } from './time.js'

const SHOWS: readonly (readonly [Shows, string])[] = [
  ['machine', 'Machine'],
  ['both', 'In its lifecycle'],
  ['lifecycle', 'Lifecycle'],
]

/** The chart of the chosen service, or of its lifecycle, and of a counterexample the twin's beside it. */
export function Stage(): JSX.Element {
  const service = selected.value
  if (service === undefined) {
    return (
      <section class="stage" aria-label="Chart">
        <p class="empty">{nobodyText(link.value.service, store.value.list.members.value.length)}</p>
      </section>
    )
  }
  return (
    <section class="stage" aria-label="Chart">
      <Guarded>
        <Title service={service} />
      </Guarded>
      {isOfStates.value && (
        <p class="caption">Its chart was not recorded: these are the states that it is in.</p>
      )}
      <Guarded>
        <Charts service={service} />
      </Guarded>
    </section>
  )
}

function nobodyText(asked: string | undefined, services: number): string {
  if (isComing() && (services === 0 || asked !== undefined)) return 'Reading what there is …'
  if (services === 0) return 'Waiting for a service.'
  return asked === undefined
    ? `Choose one of the ${counted(services, 'service')} in the list: here is its chart then, with how it stands and what has happened to it.`
    : `There is no service “${asked}” here.`
}

function Charts({ service }: { readonly service: Service }): JSX.Element {
  const chart = shownChart.value
  service.version.value
  const why = untestable(service)
  const isBesideTwin = useComputed(() => shownStep.value !== undefined)
  if (chart === undefined) return <NoChart />
  return (
    <div class="charts">
      <ChartView
        key={chart.hash}
        chart={chart}
        live={shownLive}
        nowMs={countdownMs}
        exports={
          <button
            type="button"
            title={why ?? 'Save what the service was sent as a test for vitest'}
            disabled={why !== undefined}
            onClick={() => void saveTest(service)}
          >
            Test
          </button>
        }
      />
      {isBesideTwin.value && (
        <section class="twin" aria-label="The twin, which nothing interrupts">
          <h3>Its twin, which nothing interrupts</h3>
          <ChartView key={chart.hash} chart={chart} live={twinLive} nowMs={countdownMs} isPlain />
        </section>
      )}
    </div>
  )
}

function NoChart(): JSX.Element {
  return (
    <p class="empty">
      {shownState.value === undefined
        ? 'Nothing was recorded of this service.'
        : 'Its chart is not known here.'}
    </p>
  )
}

/** How the service stands at the moment that is shown, and which chart of it. */
function Title({ service }: { readonly service: Service }): JSX.Element {
  return (
    <header class="title">
      <Standing service={service} />
      {chosenActor.value !== undefined && (
        <button type="button" class="then" onClick={() => showActor([])} title="Back to the machine">
          {pathName(chosenActor.value.actor, service.moments.logicOf)} ×
        </button>
      )}
      {isAstray.value && (
        <button
          type="button"
          class="then astray"
          onClick={() => go({ at: undefined, from: undefined })}
          title={lastTitle(service)}
        >
          The moment of this address is not known here ×
        </button>
      )}
      {unrecorded.value !== undefined && (
        <span
          class="then astray"
          title="Of what the service did after its newest recorded moment, its checkpoint alone is known"
        >
          checkpoint {unrecorded.value.checkpoint}{' '}
          {momentOf(service, unrecorded.value) === undefined ? 'was not recorded' : 'again'}
        </span>
      )}
      {pickedIndex.value !== undefined && (
        <button type="button" class="then" onClick={() => pick(undefined)} title={lastTitle(service)}>
          {momentTime(shownMs.value)} ×
        </button>
      )}
      <span class="space" />
      {hasLifecycle.value && (
        <span class="group" role="toolbar" aria-label="Which chart">
          {SHOWS.map(([which, label]) => (
            <button
              key={which}
              type="button"
              aria-pressed={shows.value === which}
              onClick={() => go({ chart: which === 'machine' ? undefined : which })}
            >
              {label}
            </button>
          ))}
        </span>
      )}
    </header>
  )
}

/** Which service it is, and how it stands at the moment that is shown. */
function Standing({ service }: { readonly service: Service }): JSX.Element {
  // Its summary is no signal.
  service.version.value
  const isNow = pickedIndex.value === undefined
  const { lifecycle, machine } = isNow ? store.value.list.summary(service) : stoodThen()
  return (
    <>
      <h2>{service.key}</h2>
      <span class={`badge ${isNow && isComing(service) ? 'coming' : lifecycle}`}>
        <i class="dot" />
        {isNow ? standsText(service, lifecycle) : lifecycleText(lifecycle)}
      </span>
      <span class="state" title={machine}>
        {machine}
      </span>
      {/* What came then, its process alone may know. */}
      {isNow && connection.value.status === 'recorded' && (
        <span class="when">at the end of what was saved</span>
      )}
    </>
  )
}

/** The same above the parts that a narrow window shows without the chart. */
export function PaneTitle(): JSX.Element | null {
  const service = selected.value
  if (service === undefined) return null
  return (
    <header class="title pane-title">
      <Standing service={service} />
      {pickedIndex.value !== undefined && <span class="when">{momentTime(shownMs.value)}</span>}
    </header>
  )
}

const LAST = { Live: 'Back to now', Latest: 'Back to the latest moment', End: 'Back to the end' }

/** Where one gets who lets go of a moment. */
function lastTitle(service: Service): string {
  return LAST[lastText(service)]
}

/** As the list tells it, at the moment that is shown. */
function stoodThen(): { readonly lifecycle: string; readonly machine: string } {
  const own = shownState.value?.actors.find(({ actor }) => actor.length === 0)
  const lifecycle = shownState.value?.asleep === true ? 'asleep' : (shownState.value?.lifecycle ?? 'resuming')
  return { lifecycle, machine: valueText(fieldOf(own?.snapshot, 'value')) }
}
