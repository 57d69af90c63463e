import { changed } from './change.js'
import type {
  ArmedHappening,
  CommitHappening,
  EffectHappening,
  Entry,
  InboxHappening,
  Path,
  RevivedHappening,
  ServiceHappening,
  TimerHappening,
} from './entry.js'
import type { ServiceState } from './state.js'

/**
 * How a service stands after an entry. Without a state before, only the entry that brings the service in makes one.
 *
 * @example
 * ```ts
 * const states = new Map<string, ServiceState>()
 * for (const entry of entries) {
 *   const state = folded(states.get(entry.key), entry)
 *   if (state !== undefined) states.set(entry.key, state)
 * }
 * ```
 */
export function folded(state: ServiceState | undefined, entry: Entry): ServiceState | undefined {
  if (entry.kind === 'service') return begun(entry)
  if (state === undefined) return undefined
  switch (entry.kind) {
    case 'lifecycle': {
      const { failure: _, ...rest } = hasEnded(entry.state) ? disarmed(state) : state
      const inbox = entry.state === 'failed' ? [] : state.inbox
      const failure = entry.failure === undefined ? {} : { failure: entry.failure }
      return { ...rest, lifecycle: entry.state, inbox, ...failure }
    }
    case 'hold': {
      const others = state.holds.filter(({ hold, by }) => hold !== entry.hold || by !== entry.by)
      const { hold, by, asker } = entry
      const held = asker === undefined ? { hold, by } : { hold, by, asker }
      return { ...state, holds: entry.change === 'set' ? [...others, held] : others }
    }
    case 'revived':
      return revived(state, entry)
    case 'asleep':
      return { ...state, asleep: true, actors: [] }
    case 'rests': {
      const { actors, timers, outbox } = entry
      return { ...state, actors, timers, outbox }
    }
    case 'actor': {
      const { actor, logic, chart, snapshot } = entry
      const told = { actor, logic, snapshot, ...(chart === undefined ? {} : { chart }) }
      return { ...state, actors: [...withoutActor(state, actor), told] }
    }
    case 'ended':
      return { ...state, actors: withoutActor(state, entry.actor) }
    case 'step': {
      const { actor, changes } = entry
      const actors = state.actors.map((known) =>
        isSame(known.actor, actor) ? { ...known, snapshot: changed(known.snapshot, changes) ?? null } : known,
      )
      return changes.length === 0 ? state : { ...state, actors }
    }
    case 'effect':
      return { ...state, outbox: outboxAfter(state, entry) }
    case 'timer':
      return { ...state, timers: timersAfter(state, entry) }
    case 'inbox':
      return { ...state, inbox: inboxAfter(state, entry) }
    case 'armed':
      return armedAfter(state, entry)
    case 'removed':
      return removed(state)
    case 'commit':
      return entry.ok ? { ...state, commit: commitOf(entry) } : state
    default:
      return state
  }
}

/** Whether no machine runs from here on, which could enter a state. */
function hasEnded(lifecycle: string): boolean {
  return lifecycle === 'done' || lifecycle === 'stopped'
}

function disarmed({ armed: _, ...rest }: ServiceState): ServiceState {
  return rest
}

function begun({ definition, version, chart, lifecycleChart }: ServiceHappening): ServiceState {
  const lists = { holds: [], actors: [], timers: [], inbox: [], outbox: [] }
  return { definition, version, chart, lifecycleChart, ...lists }
}

/** What follows tells of its actors, timers, effects and events anew. */
function revived({ asleep: _, commit, ...rest }: ServiceState, entry: RevivedHappening): ServiceState {
  const nothing = { actors: [], timers: [], inbox: [], outbox: [] }
  const kept = isKept(commit, entry.checkpoint) ? { commit } : {}
  return { ...rest, ...nothing, ...kept, revivedFrom: entry.checkpoint }
}

/** Whether the newest commit is still that of a service that goes on from a checkpoint: from an earlier one it goes on where the newer ones were set aside. */
export function isKept(
  commit: ServiceState['commit'],
  revivedFrom: number,
): commit is NonNullable<ServiceState['commit']> {
  return commit !== undefined && commit.checkpoint <= revivedFrom
}

/** Nothing of it is to come any more. */
function removed(state: ServiceState): ServiceState {
  return { ...disarmed(state), lifecycle: 'removed', holds: [], timers: [], inbox: [], outbox: [] }
}

function withoutActor({ actors }: ServiceState, path: Path): ServiceState['actors'] {
  return actors.filter(({ actor }) => !isSame(actor, path))
}

function outboxAfter({ outbox }: ServiceState, entry: EffectHappening): ServiceState['outbox'] {
  const { effect, change, what, effectKey } = entry
  const key = effectKey === undefined ? {} : { effectKey }
  if (what !== undefined) return [...outbox, { ...what, effect, running: false, ...key }]
  if (change !== 'released') return outbox.filter((known) => known.effect !== effect)
  return outbox.map((known) => (known.effect === effect ? { ...known, running: true, ...key } : known))
}

function timersAfter({ timers }: ServiceState, { actor, id, what }: TimerHappening): ServiceState['timers'] {
  const others = timers.filter((timer) => timer.id !== id || !isSame(timer.actor, actor))
  return what === undefined ? others : [...others, { actor, id, ...what }]
}

function inboxAfter({ inbox }: ServiceState, entry: InboxHappening): ServiceState['inbox'] {
  const { change, event, eventKey } = entry
  if (change === 'applied' || change === 'refused') return inbox.slice(1)
  return [...inbox, eventKey === undefined ? { event } : { event, eventKey }]
}

function armedAfter(before: ServiceState, { state, by }: ArmedHappening): ServiceState {
  const rest = disarmed(before)
  return state === undefined ? rest : { ...rest, armed: { state, by } }
}

function commitOf(entry: CommitHappening): NonNullable<ServiceState['commit']> {
  const { checkpoint, epoch, phase, size, durationMs, upTo } = entry
  return { checkpoint, epoch, phase, size, durationMs, upTo }
}

function isSame(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index])
}
