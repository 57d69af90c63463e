import { computed } from '@preact/signals'
import type { Chart } from '../../../src/inspect/chart/chart.js'
import type { Path } from '../../../src/inspect/stream/entry.js'
import type { ServiceState } from '../../../src/inspect/stream/state.js'
import { type Live, liveOf, NOTHING } from '../chart/live.js'
import { addressOf, indexAt, timeOf } from '../store/addresses.js'
import { around, calledAs, chartOfStates, mark } from '../store/charts.js'
import { isSamePath, pathIn, writtenPath } from '../store/paths.js'
import { areGoing, asStored, newestOf, type Service } from '../store/service.js'
import { standstillOf } from '../store/standstill.js'
import { fieldOf } from '../store/values.js'
import { go, link } from './link.js'
import { pageMs, store } from './session.js'

/** How far back the last transition is looked for. */
const FAR = 2000

/** Which of the two charts are shown: the author's machine, the lifecycle around it, or the lifecycle alone. */
export type Shows = 'machine' | 'both' | 'lifecycle'

export const selected = computed<Service | undefined>(() => {
  store.value.changed.value
  const { service } = link.value
  return service === undefined ? undefined : store.value.services.get(service)
})

/** Index of the moment that is shown; undefined for now. */
export const pickedIndex = computed(() => indexAt(selected.value, link.value.at))

/** Index of the moment with which the shown one is compared; undefined for none. */
export const markedIndex = computed(() => indexAt(selected.value, link.value.from))

/** Whether the address names a moment that is not there: it made room, has not come yet, or is of another history. */
export const isAstray = computed(() => {
  const { at, from } = link.value
  const isLost = at !== undefined && pickedIndex.value === undefined
  return selected.value !== undefined && (isLost || (from !== undefined && markedIndex.value === undefined))
})

/** The moment that is shown, by its index: the last one where it is now. */
export const shownIndex = computed(() => {
  const service = selected.value
  service?.version.value
  return pickedIndex.value ?? (service?.moments.length ?? 0) - 1
})

/** The checkpoint that the service stands at, where that was never recorded. */
const newest = computed(() => {
  const service = selected.value
  service?.version.value
  return service !== undefined && store.value.kept.isOutdated(service) ? newestOf(service) : undefined
})

/** The same where it is shown. */
export const unrecorded = computed(() => (pickedIndex.value === undefined ? newest.value : undefined))

/** Where now stands among the moments, for who goes through them: at the last one, or after it where what is shown of now was not recorded. */
export const nowIndex = computed(() => {
  const service = selected.value
  service?.version.value
  const length = service?.moments.length ?? 0
  return newest.value === undefined || length === 0 ? length - 1 : length
})

export const shownState = computed(() => {
  selected.value?.version.value
  const recorded = selected.value?.moments.stateAt(shownIndex.value)
  const stored = unrecorded.value
  return stored === undefined ? recorded : asStored(stored, recorded ?? store.value.likeOf(stored))
})

/** How it stood one moment before, so that what has changed can be told. */
export const stateBefore = computed(() =>
  shownIndex.value <= 0 || unrecorded.value !== undefined
    ? undefined
    : selected.value?.moments.stateAt(shownIndex.value - 1),
)

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
export const statesAlone = computed<Chart | undefined>(() => {
  const own = shownState.value?.actors.find(({ actor }) => actor.length === 0)
  const value = fieldOf(own?.snapshot, 'value')
  if (unrecorded.value === undefined || machineChart.value !== undefined || value === undefined)
    return undefined
  return chartOfStates(unrecorded.value.definition, value)
})
const drawnMachine = computed(() => machineChart.value ?? statesAlone.value)
const lifecycleChart = computed(() => chartOf(shownState.value?.lifecycleChart))

/** The actor whose chart is shown, where it is there at that moment and a machine; undefined for the machine itself. */
export const shownActor = computed(() => {
  const path = pathIn(link.value.actor)
  if (path.length === 0 || shows.value !== 'machine') return undefined
  const found = shownState.value?.actors.find(({ actor }) => isSamePath(actor, path))
  return found?.chart === undefined ? undefined : found
})

/** Shows the chart of an actor, and no lifecycle around it. */
export function showActor(path: Path): void {
  go({ actor: writtenPath(path), chart: undefined })
}

/** An application that shows itself here has none. */
export const hasLifecycle = computed(() => lifecycleChart.value !== undefined)

/** Charts within charts, made once for each pair. */
const pairs = new WeakMap<Chart, WeakMap<Chart, Chart>>()

export const shownChart = computed<Chart | undefined>(() => {
  const [machine, lifecycle] = [drawnMachine.value, lifecycleChart.value]
  if (shownActor.value !== undefined) return chartOf(shownActor.value.chart)
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
  const machine = shownActor.value === undefined ? drawnMachine.value : chartOf(shownActor.value.chart)
  const timers = areTimersGoing.value
    ? state.timers
    : state.timers.filter(({ policy }) => policy === 'deadline')
  const live = liveOf({ ...state, timers }, path, machine, lifecycleChart.value, last)
  return shows.value === 'lifecycle' ? unmarked(live) : live
}

/** The counterexample that is shown, with the step of it to which the shown moment belongs; undefined beside any other service. */
export const shownStep = computed(() => {
  const { counterexample, services } = store.value
  const found = counterexample.value
  const service = selected.value
  if (found === undefined || service === undefined || service.key !== found.interrupted) return undefined
  const ends = found.steps.map(({ at }) => indexAt(service, at) ?? -1)
  const own = ends.findIndex((end) => shownIndex.value <= end)
  const index = own === -1 ? found.steps.length - 1 : own
  const twin = services.get(found.twin)
  return { found, index, twin, twinIndex: indexAt(twin, found.steps[index]?.twinAt) ?? -1 }
})

/** How the twin stood after that step. */
export const twinState = computed(() => shownStep.value?.twin?.moments.stateAt(shownStep.value.twinIndex))
export const twinLive = computed<Live>(() =>
  liveIn(shownStep.value?.twin, twinState.value, shownStep.value?.twinIndex ?? -1),
)

/** Shows the service that was interrupted, right after a step of the counterexample. */
export function showStep(index: number): void {
  const found = store.value.counterexample.value
  const step = found?.steps[index]
  if (found !== undefined && step !== undefined) go({ service: found.interrupted, at: step.at })
}

/** The time that the shown moment takes for now: what is long past counts down no more. What is due of a service at rest comes due all the same. */
export const shownMs = computed(() => {
  const service = selected.value
  const isNow = service === undefined || pickedIndex.value === undefined
  return isNow ? pageMs.value : (timeOf(service, shownIndex.value) ?? pageMs.value)
})

/** Whether timers go on at the shown moment whatever their policy is: the service runs, or sleeps. */
export const areTimersGoing = computed(() => {
  const service = selected.value
  service?.version.value
  if (service === undefined) return false
  const state = shownState.value
  const now = pickedIndex.value === undefined ? store.value.summary(service).lifecycle : undefined
  return areGoing(now ?? (state?.asleep === true ? 'asleep' : state?.lifecycle))
})

/** From when on the timers stand still of a service that rests at the shown moment, as far as that was recorded. */
export const standstillMs = computed(() => {
  const service = selected.value
  service?.version.value
  return service === undefined ? undefined : standstillOf(service.moments, shownIndex.value)
})

/** Compares from now on with the moment that is shown. */
export function markShown(): void {
  const index = shownIndex.value
  const moment = selected.value?.moments.at(index)
  if (moment !== undefined) go({ from: addressOf(moment, index) })
}

/** Selects the moments from one to another: the second is shown, and compared with the first. */
export function selectRange(from: number, to: number): void {
  const moments = selected.value?.moments
  const [first, last] = [moments?.at(from), moments?.at(to)]
  if (first !== undefined && last !== undefined) go({ from: addressOf(first, from), at: addressOf(last, to) })
}

/** Shows the moment of this index, and now for the last one or none. */
export function pick(index: number | undefined): void {
  const service = selected.value
  const moment = index === undefined ? undefined : service?.moments.at(index)
  go({ at: moment === undefined ? undefined : addressOf(moment, index ?? 0) })
}

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
