import { computed } from '@preact/signals'
import { addressOf, indexAt, timeOf } from '../store/addresses.js'
import { pathIn } from '../store/paths.js'
import { areGoing, asStored, newestOf, type Service } from '../store/service.js'
import { standstillOf } from '../store/standstill.js'
import { go, link } from './link.js'
import { isComing, isLost, pageMs, store } from './session.js'

export const selected = computed<Service | undefined>(() => {
  store.value.changed.value
  const { service } = link.value
  return service === undefined ? undefined : store.value.services.get(service)
})

/** The actor that somebody has chosen, whether or not it is there at the shown moment; empty for the machine itself. */
export const chosenPath = computed(() => pathIn(link.value.actor))

/** Index of the moment that is shown; undefined for now. */
export const pickedIndex = computed(() => indexAt(selected.value, link.value.at))

/** Index of the moment with which the shown one is compared; undefined for none. */
export const markedIndex = computed(() =>
  isNewestMarked.value ? lastIndex.value : indexAt(selected.value, link.value.from),
)

/** Whether the address names a moment that is not there: it made room, has not come yet, or is of another history. */
export const isAstray = computed(() => {
  const { at, from } = link.value
  const isUnknown = at !== undefined && pickedIndex.value === undefined
  return (
    selected.value !== undefined && (isUnknown || (from !== undefined && markedIndex.value === undefined))
  )
})

const lastIndex = computed(() => {
  selected.value?.version.value
  return (selected.value?.moments.length ?? 0) - 1
})

/** The moment that is shown, by its index: the last one where it is now. */
export const shownIndex = computed(() => pickedIndex.value ?? lastIndex.value)

/** The checkpoint that the service stands at, where that was never recorded: it comes after all moments. */
export const newest = computed(() => {
  const service = selected.value
  service?.version.value
  return service !== undefined && store.value.kept.isOutdated(service) ? newestOf(service) : undefined
})

/** The same where it is shown. */
export const unrecorded = computed(() => (pickedIndex.value === undefined ? newest.value : undefined))

/** What the address says of it where it is marked; it has no moment's address. */
const NEWEST = 'newest'

/** Whether it is what the shown moment is compared with. */
export const isNewestMarked = computed(() => newest.value !== undefined && link.value.from === NEWEST)

/** Where now stands among the moments, for who goes through them: at the last one, or after it where what is shown of now was not recorded. */
export const nowIndex = computed(() =>
  newest.value === undefined || lastIndex.value < 0 ? lastIndex.value : lastIndex.value + 1,
)

/** How the service stands in that checkpoint. */
export const newestState = computed(() => {
  const stored = newest.value
  const recorded = selected.value?.moments.stateAt(lastIndex.value)
  return stored === undefined ? undefined : asStored(stored, recorded ?? store.value.likeOf(stored))
})

export const shownState = computed(() => {
  selected.value?.version.value
  return unrecorded.value === undefined
    ? selected.value?.moments.stateAt(shownIndex.value)
    : newestState.value
})

/** How it stood one moment before, so that what has changed can be told. */
export const stateBefore = computed(() =>
  shownIndex.value <= 0 || unrecorded.value !== undefined
    ? undefined
    : selected.value?.moments.stateAt(shownIndex.value - 1),
)

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

/** Whether what is shown as now is of some time ago: something of what the server had as it was connected is still to come. */
export const isPartial = computed(() => pickedIndex.value === undefined && isComing(selected.value))

/** Against what time the shown moment's timers count down; undefined where nobody knows whether they still run: its server is gone, or tells on. */
export const countdownMs = computed(() =>
  isPartial.value || (isLost.value && pickedIndex.value === undefined) ? undefined : shownMs.value,
)

/** How the service stands in its lifecycle at the moment that is shown, as the list tells it of now. */
export const shownLifecycle = computed(() => {
  const service = selected.value
  service?.version.value
  if (service === undefined) return undefined
  if (pickedIndex.value === undefined) return store.value.list.summary(service).lifecycle
  const state = shownState.value
  return state?.asleep === true ? 'asleep' : state?.lifecycle
})

/** Whether timers go on at the shown moment whatever their policy is: the service runs, or sleeps. */
export const areTimersGoing = computed(() => areGoing(shownLifecycle.value))

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
  if (moment !== undefined) go({ from: unrecorded.value === undefined ? addressOf(moment, index) : NEWEST })
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
