import type { Hide } from '../redact.js'
import { type Shown, shown } from '../shown.js'
import type { Change } from '../stream/change.js'
import type { Entry } from '../stream/entry.js'
import type { BaseMessage } from '../stream/message.js'
import type { ServiceState } from '../stream/state.js'

type Rest = Pick<ServiceState, 'actors' | 'timers' | 'outbox'>

/** Stands for what a change lies within, of which a recording tells nothing more. */
const UNKNOWN = '[unknown]'

/** An entry of a recording, with what is to be hidden from who looks now, and was not from who recorded it. */
export function hiddenEntry(entry: Entry, hide: Hide): Entry {
  const within = (value: Shown | undefined, part: string) =>
    value === undefined ? {} : { [part]: hidden(value, [part], hide) }
  switch (entry.kind) {
    case 'lifecycle':
      return { ...entry, ...within(entry.failure, 'failure') }
    case 'actor':
      return { ...entry, snapshot: snapshotHidden(entry.snapshot, hide) }
    case 'event':
    case 'inbox':
      return { ...entry, ...within(entry.event, 'event') }
    case 'step':
      return { ...entry, changes: entry.changes.map((change) => changeHidden(change, hide)) }
    case 'effect': {
      const { what, error } = entry
      const told = what === undefined ? {} : { what: { ...what, ...within(what.params, 'params') } }
      return { ...entry, ...told, ...within(error, 'error') }
    }
    case 'timer':
      return entry.what === undefined
        ? entry
        : { ...entry, what: { ...entry.what, ...within(entry.what.event, 'event') } }
    case 'commit':
      return { ...entry, ...within(entry.error, 'error') }
    case 'rests':
      return { ...entry, ...restHidden(entry, hide) }
    case 'service':
    case 'hold':
    case 'revived':
    case 'asleep':
    case 'ended':
    case 'armed':
    case 'removed':
    case 'problem':
      return entry
    default:
      throw unknown(entry)
  }
}

/** The compiler sees to it that no kind is forgotten: of one that a newer process tells of, nobody knows what is to be hidden. */
function unknown(_: never): Error {
  return new Error('This version does not know that kind of entry.')
}

/** The same of how a service stood. */
export function hiddenBase(base: BaseMessage, hide: Hide): BaseMessage {
  const { state } = base
  const told: ServiceState = {
    ...state,
    ...(state.failure === undefined ? {} : { failure: hidden(state.failure, ['failure'], hide) }),
    ...restHidden(state, hide),
    inbox: state.inbox.map((event) => eventHidden(event, hide)),
  }
  return { ...base, state: told }
}

/** What a checkpoint keeps, beside the inbox. */
function restHidden({ actors, timers, outbox }: Rest, hide: Hide): Rest {
  return {
    actors: actors.map((actor) => ({ ...actor, snapshot: snapshotHidden(actor.snapshot, hide) })),
    timers: timers.map((timer) => eventHidden(timer, hide)),
    outbox: outbox.map((effect) =>
      effect.params === undefined ? effect : { ...effect, params: hidden(effect.params, ['params'], hide) },
    ),
  }
}

function eventHidden<T extends { readonly event: Shown }>(one: T, hide: Hide): T {
  return { ...one, event: hidden(one.event, ['event'], hide) }
}

function snapshotHidden(snapshot: Shown, hide: Hide): Shown {
  if (!isFields(snapshot)) return snapshot
  return Object.fromEntries(
    Object.entries(snapshot).map(([name, value]) => [name, hidden(value, [name], hide)]),
  )
}

function changeHidden(change: Change, hide: Hide): Change {
  // Of a list that is hidden itself, not even how long it is may be told.
  const above = 'insert' in change ? change.path.length : change.path.length - 1
  for (let length = 1; length <= above; length++) {
    const path = change.path.slice(0, length)
    const seen = hide(UNKNOWN, path)
    if (seen !== UNKNOWN) return { path, value: shown(seen, '', (value) => value) }
  }
  if ('value' in change) return { ...change, value: hidden(change.value, change.path, hide) }
  if (!('insert' in change)) return change
  const { path, at, insert } = change
  return { ...change, insert: insert.map((item, index) => hidden(item, [...path, `${at + index}`], hide)) }
}

/** A shown value with what is hidden in it, by the paths that led to it when it was shown. */
function hidden(value: Shown, path: readonly string[], hide: Hide): Shown {
  const seen = hide(value, path)
  if (seen !== value) return shown(seen, '', (other) => other)
  if (Array.isArray(value)) return itemsHidden(value, path, hide)
  if (!isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      if (Array.isArray(field) && /^Map\(\d+\)$/.test(name)) return [name, pairsHidden(field, path, hide)]
      if (Array.isArray(field) && /^Set\(\d+\)$/.test(name)) return [name, itemsHidden(field, path, hide)]
      return [name, hidden(field, [...path, name], hide)]
    }),
  )
}

function itemsHidden(items: readonly Shown[], path: readonly string[], hide: Hide): readonly Shown[] {
  return items.map((item, index) => hidden(item, [...path, `${index}`], hide))
}

function pairsHidden(pairs: readonly Shown[], path: readonly string[], hide: Hide): readonly Shown[] {
  return pairs.map((pair, index) => {
    if (!Array.isArray(pair)) return pair
    // Of a list that nobody may change the compiler learns nothing there.
    const [key = null, value = null] = pair as readonly Shown[]
    const name = typeof key === 'string' ? key : `${index}`
    return [hidden(key, [...path, '(key)'], hide), hidden(value, [...path, name], hide)]
  })
}

function isFields(value: Shown): value is { readonly [name: string]: Shown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
