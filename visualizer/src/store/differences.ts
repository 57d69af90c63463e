import { failedFirst } from '../../../src/errors/failed-first.js'
import type { Shown } from '../../../src/inspect/shown.js'
import type { Path } from '../../../src/inspect/stream/entry.js'
import type { ActorState, EffectState, ServiceState, TimerState } from '../../../src/inspect/stream/state.js'
import { progressText } from '../../../src/task/progress-text.js'
import { isSameReference, referenceIn } from './references.js'
import { sideBySide } from './side-by-side.js'
import { fieldOf, stepsByName, typeOf, valueText } from './values.js'

/** One thing that is not the same at two moments; undefined where it is not there. */
export interface Difference {
  readonly path: readonly string[]
  readonly before: unknown
  readonly after: unknown
}

/** Differences of one comparison that are told. */
const MOST = 500
const DEEPEST = 64

/** What is not the same in two JSON values: the innermost places, fields of the first before those that are new. */
export function differences(before: unknown, after: unknown, most = MOST): readonly Difference[] {
  const found: Difference[] = []
  const compare = (was: unknown, is: unknown, path: readonly string[]): void => {
    if (found.length >= most || was === is || isSameReference(was, is)) return
    const isReference = (referenceIn(was) ?? referenceIn(is)) !== undefined
    if (
      !isReference &&
      path.length < DEEPEST &&
      isFields(was) &&
      isFields(is) &&
      Array.isArray(was) === Array.isArray(is)
    ) {
      for (const name of new Set([...Object.keys(was), ...Object.keys(is)]))
        compare(fieldOf(was, name), fieldOf(is, name), [...path, name])
    } else found.push({ path, before: was, after: is })
  }
  compare(before, after, [])
  return found
}

/** How what is compared is told. */
export interface Telling {
  readonly actorName: (actor: Path) => string
  readonly timerName: (timer: TimerState) => string
  readonly effectName: (effect: EffectState) => string
  readonly timer: (timer: TimerState, of: 'before' | 'after') => unknown
  /** The second is a checkpoint that was not recorded: it does not tell whether what it owes runs. */
  readonly isStored?: boolean
  /** The two are of two histories: what is the same in both has another key in each. */
  readonly areTwins?: boolean
}

const RAW: Telling = {
  actorName: (actor) => actor.join(' › '),
  timerName: ({ event }) => typeOf(event),
  effectName: ({ name }) => name,
  timer: ({ dueAtMs }) => dueAtMs,
}

/** How a service stands otherwise at two moments: lifecycle, state, context, holds, actors, and what is still to come. */
export function comparison(
  before: ServiceState,
  after: ServiceState,
  telling: Telling = RAW,
): readonly Difference[] {
  const identity = <Item>(identityOf: (item: Item) => string | undefined) =>
    telling.areTwins === true ? () => undefined : identityOf
  const actors = sideBySide(othersOf(before), othersOf(after), {
    identityOf: ({ actor }) => JSON.stringify(actor),
    nameOf: ({ actor }) => telling.actorName(actor),
    tell: ({ snapshot }, _, partner) =>
      isFields(snapshot) && isFields(partner?.snapshot) ? inWords(snapshot) : standText(snapshot),
  })
  const timers = sideBySide(before.timers, after.timers, {
    identityOf: identity(({ actor, id }) => JSON.stringify([actor, id])),
    nameOf: telling.timerName,
    tell: telling.timer,
  })
  const inbox = sideBySide(before.inbox, after.inbox, {
    identityOf: identity(({ eventKey }) => eventKey),
    nameOf: ({ event, eventKey }) => eventKey ?? typeOf(event),
    tell: ({ event }) => event,
  })
  const outbox = sideBySide(before.outbox, after.outbox, {
    // Numbers are of a process, and of a checkpoint others.
    identityOf: identity(({ effectKey }) => effectKey),
    nameOf: telling.effectName,
    tell: ({ running }, _, partner) =>
      telling.isStored === true && partner !== undefined ? 'is owed' : running ? 'runs' : 'waits',
  })
  const side = (at: 0 | 1) => ({
    actors: actors[at],
    timers: timers[at],
    inbox: inbox[at],
    outbox: outbox[at],
  })
  const whole = (state: ServiceState, at: 0 | 1) => ({
    ...gist(state),
    ...side(at),
    checkpoint: checkpointOf(state),
  })
  return differences(whole(before, 0), whole(after, 1))
}

/** 0 is none. */
function checkpointOf({ commit, revivedFrom }: ServiceState): number | undefined {
  return commit?.checkpoint ?? (revivedFrom || undefined)
}

/** Of one that has failed the interruption decides whether its last checkpoint, or the state in which it failed, is still in memory. */
const OF_FAILED = ['state', 'context', 'output', 'actors', 'timers', 'inbox', 'outbox']

/** What an interruption may not change of it, as the testing kit looks at it; how often it was written to the store may differ. */
export function besideTwin(
  twin: ServiceState,
  interrupted: ServiceState,
  telling = RAW,
): readonly Difference[] {
  const all = comparison(twin, interrupted, { ...telling, areTwins: true })
  const failedSo = failureText(twin.failure)
  const haveFailed = failedSo !== undefined && failedSo === failureText(interrupted.failure)
  const left = new Set(['checkpoint', ...(haveFailed ? OF_FAILED : [])])
  return all.filter(({ path: [name = ''] }) => !left.has(name))
}

function gist(state: ServiceState): object {
  const own = state.actors.find(({ actor }) => actor.length === 0)?.snapshot
  return {
    lifecycle: state.asleep === true ? 'asleep' : state.lifecycle,
    state: valueText(fieldOf(own, 'value')),
    context: fieldOf(own, 'context'),
    output: fieldOf(own, 'output'),
    failure: failureText(state.failure),
    holds: Object.fromEntries(state.holds.map(({ hold, by }) => [`${hold} by ${by}`, 'held'])),
  }
}

/** What it failed with, in the words of a counterexample; undefined where it has not. */
function failureText(failure: Shown | undefined): string | undefined {
  if (failure === undefined) return undefined
  const [message, remedy, first] = ['message', 'remedy', 'failure'].map((name) => fieldOf(failure, name))
  const earlier = fieldOf(first, 'message')
  if (typeof message !== 'string') return JSON.stringify(failure)
  return failedFirst({
    message,
    code: fieldOf(failure, 'code'),
    ...(typeof remedy === 'string' && { remedy }),
    ...(typeof earlier === 'string' && { failure: { message: earlier } }),
  })
}

/** All actors but the machine itself. */
function othersOf({ actors }: ServiceState): readonly ActorState[] {
  return actors.filter(({ actor }) => actor.length > 0)
}

/** Where an actor stands that is at one of the moments alone: what it keeps is told of those that have changed. */
function standText(snapshot: unknown): string {
  const status = fieldOf(snapshot, 'status')
  const progress = progressText(fieldOf(snapshot, 'progress'), fieldOf(snapshot, 'input'))
  return (
    valueText(fieldOf(snapshot, 'value')) || progress || (typeof status === 'string' ? status : 'is there')
  )
}

/** An actor's snapshot as the details tell it: a machine's state as text, and a task's steps by their names. */
function inWords(snapshot: object): object {
  const [value, steps] = [fieldOf(snapshot, 'value'), fieldOf(snapshot, 'steps')]
  return {
    ...(value !== undefined && { state: valueText(value) }),
    ...snapshot,
    // Told above.
    value: undefined,
    ...(Array.isArray(steps) && { steps: stepsByName(steps) }),
  }
}

function isFields(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
