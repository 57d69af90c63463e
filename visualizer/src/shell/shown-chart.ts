import { computed } from '@preact/signals'
import type { Chart } from '../../../src/inspect/chart/chart.js'
import type { Path } from '../../../src/inspect/stream/entry.js'
import type { ServiceState } from '../../../src/inspect/stream/state.js'
import { type Live, liveOf, NOTHING } from '../chart/live.js'
import { around, calledAs, chartOfStates, mark } from '../store/charts.js'
import { isSamePath, writtenPath } from '../store/paths.js'
import { isOver, type Service } from '../store/service.js'
import { fieldOf } from '../store/values.js'
import { go, link } from './link.js'
import {
  areTimersGoing,
  chosenPath,
  selected,
  shownIndex,
  shownLifecycle,
  shownState,
  shownStep,
  twinState,
  unrecorded,
} from './selection.js'
import { store } from './session.js'

/** How far back the last transition is looked for. */
const FAR = 2000

/** Which of the two charts are shown: the author's machine, the lifecycle around it, or the lifecycle alone. */
export type Shows = 'machine' | 'both' | 'lifecycle'

export const shows = computed<Shows>(() => {
  const { chart } = link.value
  return chart === 'both' || chart === 'lifecycle' ? chart : 'machine'
})

export const machineChart = computed(() => {
  const { chart: hash, definition = '' } = shownState.value ?? {}
  const chart = chartOf(hash)
  return chart && calledAs(chart, definition)
})
/** Of a machine whose chart nobody knows: the states that it is in. */
const statesAlone = computed<Chart | undefined>(() => {
  const own = shownState.value?.actors.find(({ actor }) => actor.length === 0)
  const value = fieldOf(own?.snapshot, 'value')
  if (unrecorded.value === undefined || machineChart.value !== undefined || value === undefined)
    return undefined
  return chartOfStates(unrecorded.value.definition, value)
})
const drawnMachine = computed(() => machineChart.value ?? statesAlone.value)
const lifecycleChart = computed(() => chartOf(shownState.value?.lifecycleChart))

/** The chosen actor, where it is there at the shown moment; undefined for the machine itself. */
export const chosenActor = computed(() =>
  chosenPath.value.length === 0 || shows.value !== 'machine'
    ? undefined
    : shownState.value?.actors.find(({ actor }) => isSamePath(actor, chosenPath.value)),
)

/** The chart of the chosen actor, or the states that it is in where nobody knows that; undefined of one that is no machine. */
const actorChart = computed(() => {
  const { logic = '', chart, snapshot } = chosenActor.value ?? {}
  const value = fieldOf(snapshot, 'value')
  if (chart !== undefined || unrecorded.value === undefined || value === undefined) return chartOf(chart)
  return chartOfStates(logic, value)
})

/** The actor whose chart is shown, where it is there at that moment and a machine; undefined for the machine itself. */
export const shownActor = computed(() => (actorChart.value === undefined ? undefined : chosenActor.value))

/** Whether nobody knows the chart that is shown: it is made of the states that are active. */
export const isOfStates = computed(() =>
  shownActor.value === undefined
    ? statesAlone.value !== undefined && shows.value !== 'lifecycle'
    : shownActor.value.chart === undefined,
)

/** Shows what an actor keeps, and its chart where it is a machine, with no lifecycle around it. */
export function showActor(path: Path): void {
  go({ actor: writtenPath(path), chart: undefined })
}

/** An application that shows itself here has none. */
export const hasLifecycle = computed(() => lifecycleChart.value !== undefined)

/** Charts within charts, made once for each pair. */
const pairs = new WeakMap<Chart, WeakMap<Chart, Chart>>()

export const shownChart = computed<Chart | undefined>(() => {
  const [machine, lifecycle] = [drawnMachine.value, lifecycleChart.value]
  if (actorChart.value !== undefined) return actorChart.value
  if (shows.value === 'machine' || lifecycle === undefined) return machine
  if (shows.value === 'lifecycle') return lifecycle
  if (machine === undefined) return undefined
  const known = pairs.get(lifecycle) ?? new WeakMap<Chart, Chart>()
  pairs.set(lifecycle, known)
  const both = known.get(machine) ?? around(lifecycle, machine)
  known.set(machine, both)
  return both
})

export const shownLive = computed<Live>(() => liveIn(selected.value, shownState.value, shownIndex.value))

/** What is alive in the charts that are shown, as a service stood at a moment. */
function liveIn(service: Service | undefined, state: ServiceState | undefined, index: number): Live {
  service?.version.value
  if (service === undefined || state === undefined) return NOTHING
  const path = shownActor.value?.actor ?? []
  // What led to a checkpoint that was not recorded, nobody knows.
  const last = unrecorded.value === undefined ? lastOf(service, index, path) : NOWHERE
  const machine = actorChart.value ?? drawnMachine.value
  const timers = areTimersGoing.value
    ? state.timers
    : state.timers.filter(({ policy }) => policy === 'deadline' && !isOver(shownLifecycle.value))
  const live = liveOf({ ...state, timers }, path, machine, lifecycleChart.value, last)
  return shows.value === 'lifecycle' ? unmarked(live) : live
}

export const twinLive = computed<Live>(() =>
  liveIn(shownStep.value?.twin, twinState.value, shownStep.value?.twinIndex ?? -1),
)

type Last = Parameters<typeof liveOf>[4]
const NOWHERE: Last = { step: undefined, lifecycle: undefined, lifecycleBefore: undefined }

/** The last transitions of a machine and of the lifecycle before a moment. */
function lastOf({ moments }: Service, index: number, path: Path): Last {
  let step: Last['step']
  let lifecycle: Last['lifecycle']
  let lifecycleBefore: string | undefined
  for (let at = index; at >= Math.max(0, index - FAR); at--) {
    const moment = moments.at(at)
    if (moment?.type !== 'entry') continue
    const { entry } = moment
    if (
      step === undefined &&
      entry.kind === 'step' &&
      isSamePath(entry.actor, path) &&
      (entry.microsteps?.length ?? 0) > 0
    )
      step = entry
    if (entry.kind === 'lifecycle') {
      if (lifecycle === undefined) lifecycle = entry
      else {
        lifecycleBefore = entry.state
        break
      }
    }
    // Another life: its last transition is not this one's.
    if (entry.kind === 'service') break
  }
  return { step, lifecycle, lifecycleBefore }
}

function chartOf(hash: string | undefined): Chart | undefined {
  store.value.changed.value
  return hash === undefined ? undefined : store.value.charts.get(hash)
}

function unmarked({ active, taken, ...rest }: Live): Live {
  const start = mark('')
  const plain = (ids: ReadonlySet<string>) =>
    new Set([...ids].filter((id) => id.startsWith(start)).map((id) => id.slice(start.length)))
  return { ...rest, active: plain(active), taken: plain(taken) }
}
