import { effect } from '@preact/signals'
import { type Outcome, outcomes } from '../shell/control.js'
import { isLost, store } from '../shell/session.js'

export const CAME = 'the process is gone: the kill came, or something else ended it'
export const WITHOUT = 'gone with its process'
const UNKNOWN = 'the connection is lost, and nobody tells whether it has come'

/** What has become of a kill that was asked for of a service; undefined while it is to come. */
export function fateOf(key: string): string | undefined {
  const service = store.value.services.get(key)
  if (service === undefined) return undefined
  service.version.value
  // The server of a process itself goes with it.
  if (isLost.value) return store.value.hello.value?.command === undefined ? CAME : UNKNOWN
  const { live, owned } = store.value.kept.standingOf(service)
  if (live || owned !== 'no') return undefined
  return ['interrupted', 'unreadable'].includes(store.value.list.summary(service).lifecycle) ? CAME : WITHOUT
}

/** Processes that were asked for a kill, and what has become of it for good, by the ids of outcomes. */
const askedOf = new Map<number, number>()
const ends = new Map<number, string>()

// Also while nobody looks at what came of it: what has become of it once is not undone by who asks for another one.
effect(() => {
  store.value.changed.value
  for (const outcome of outcomes.value) killFate(outcome)
})

/** What has become of the kill that somebody has asked for here; undefined while it is to come, and of anything else. Once it is told, it stays so. */
export function killFate(outcome: Outcome): string | undefined {
  const { id, of, status, askedAtMs } = outcome
  if (of.type !== 'interruptAt' || of.state === undefined) return undefined
  const ended = ends.get(id)
  if (ended !== undefined) return ended
  const pid = processOf(of.key)
  const asked = askedOf.get(id) ?? pid
  if (asked !== undefined) askedOf.set(id, asked)
  if (status !== 'done') return undefined
  const isOther = pid !== undefined && pid !== asked
  const fate = overruled(of.key, of.state, askedAtMs) ?? (isOther ? CAME : fateOf(of.key))
  // Who has lost the connection may find the process as it was.
  if (fate !== undefined && !isLost.value) ends.set(id, fate)
  return fate
}

/** The process that has the service, as far as one tells. */
function processOf(key: string): number | undefined {
  const { kept, incarnations, services } = store.value
  const service = services.get(key)
  if (service !== undefined && store.value.isLive(service))
    return incarnations.get(service.incarnation ?? '')?.pid
  return kept.owner.value?.exists === true ? kept.owner.value.pid : undefined
}

/** What another page, or whoever reached its process, has made of a kill to come since somebody asked for it here. */
function overruled(key: string, state: string, askedAtMs: number): string | undefined {
  const told = store.value.services.get(key)?.armed
  if (told === undefined || told.atMs < askedAtMs || told.state === state) return undefined
  return told.state === undefined ? 'taken back' : `the kill at ${told.state} has taken its place`
}
