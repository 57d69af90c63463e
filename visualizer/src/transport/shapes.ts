import type { Entry } from '../../../src/inspect/stream/entry.js'
import type { StoredService } from '../../../src/inspect/stream/message.js'
import type { TraceMessage } from '../../../src/inspect/stream/trace.js'
import {
  areTexts,
  has,
  type Is,
  isCount,
  isFields,
  isNumber,
  isText,
  isThere,
  isTime,
  listOf,
  maybe,
} from '../store/is.js'

const perhapsText = maybe(isText)
const perhapsNumber = maybe(isNumber)

const hold = { hold: isText, by: isText, asker: perhapsText }
const actor = { actor: areTexts, logic: isText, chart: perhapsText, snapshot: isThere }
const timer = {
  target: areTexts,
  event: isThere,
  delayMs: isNumber,
  dueAtMs: isNumber,
  policy: isText,
  remainingMs: perhapsNumber,
}
const timerOf = { actor: areTexts, id: isText }
const effect = { effectKind: isText, actor: areTexts, name: isText }
const effectOf = { effect: isNumber, effectKey: perhapsText }
const waiting = { event: isThere, eventKey: perhapsText }
const commit = {
  checkpoint: isNumber,
  epoch: isNumber,
  phase: isText,
  size: isNumber,
  durationMs: isNumber,
  upTo: isNumber,
}
const rest = {
  actors: listOf(has(actor)),
  timers: listOf(has({ ...timer, ...timerOf })),
  outbox: listOf(has({ ...effect, ...effectOf })),
}
const version = { definition: isText, version: isNumber }
const charts = { chart: isText, lifecycleChart: isText }

const isChange: Is = (value) =>
  isFields(value) &&
  areTexts(value.path) &&
  ('insert' in value
    ? isNumber(value.at) && isNumber(value.remove) && Array.isArray(value.insert)
    : 'value' in value || value.gone === true)

const microstep = {
  event: isText,
  transitions: listOf(
    has({ source: isText, targets: areTexts, guard: perhapsText, actions: maybe(areTexts) }),
  ),
  guards: maybe(listOf(has({ source: isText, index: isNumber, guard: isText }))),
}

/** Of each kind of entry, what the page reads. */
const ENTRIES: Readonly<Record<string, Is>> = {
  service: has({ ...version, ...charts }),
  lifecycle: has({ state: isText, event: isText }),
  hold: has({ ...hold, change: isText }),
  revived: has({ checkpoint: isNumber }),
  rests: has({ ...rest, checkpoint: isNumber }),
  actor: has(actor),
  ended: has({ actor: areTexts }),
  event: has({ to: areTexts, from: maybe(areTexts), event: isThere }),
  step: has({
    actor: areTexts,
    event: isText,
    microsteps: maybe(listOf(has(microstep))),
    changes: listOf(isChange),
  }),
  effect: has({ ...effectOf, change: isText, what: maybe(has(effect)) }),
  timer: has({ ...timerOf, change: isText, what: maybe(has(timer)) }),
  inbox: has({ ...waiting, change: isText }),
  commit: has(commit),
  armed: has({ state: perhapsText, by: isText }),
  problem: has({ problem: isText }),
}

const isOfTime = has({ atMs: isTime, kind: isText })

/** What says of which service it is, and where it stands among the entries of its process. */
export type Placed = Pick<Entry, 'sequence' | 'key'>

// What a shape is of, only who writes it knows.
export const isEntry = has({ sequence: isCount, key: isText }) as (value: unknown) => value is Placed

/** Whether an entry has the shape of its kind; one of a kind that a newer process tells of is passed on. */
export function hasShape(entry: Placed): entry is Entry {
  if (!isOfTime(entry)) return false
  // Of which kind it is it says.
  const { kind } = entry as Entry
  return !Object.hasOwn(ENTRIES, kind) || ENTRIES[kind]?.(entry) === true
}

const state = {
  ...rest,
  ...version,
  lifecycle: perhapsText,
  revivedFrom: perhapsNumber,
  holds: listOf(has(hold)),
  inbox: listOf(has(waiting)),
  armed: maybe(has({ state: isText, by: isText })),
  commit: maybe(has(commit)),
}

/** Whether it is how a service stands. */
export const isState: Is = has({ ...state, ...charts })

const problem = { code: isText, message: isText, remedy: perhapsText }
const isProblem = has(problem)

/** Whether it is a checkpoint as the store tells it. */
// What a shape is of, only who writes it knows.
export const isStored = has({
  ...version,
  key: isText,
  checkpoint: isNumber,
  epoch: isNumber,
  savedAtMs: isTime,
  phase: isText,
  wakeAtMs: perhapsNumber,
  deadlineAtMs: perhapsNumber,
  size: isNumber,
  holds: maybe(areTexts),
  damage: maybe(has({ ...problem, lastGood: perhapsNumber })),
  state: maybe(has(state)),
}) as (value: unknown) => value is StoredService

const owner = {
  epoch: isNumber,
  pid: isNumber,
  claimedAtMs: isNumber,
  older: maybe(isProblem),
  behind: maybe(areTexts),
  armed: maybe(listOf(has({ key: isText, state: isText, by: isText }))),
}

const of = { incarnation: isText }

/** Of each type of message, what the page reads of it; how a service stands, entries, and what is stored are looked at one by one. */
const MESSAGES: Readonly<Record<string, Is>> = {
  hello: has({ pid: isNumber, store: perhapsText, command: perhapsText }),
  incarnation: has({ ...of, pid: isNumber, startedAtMs: isTime, guest: perhapsText }),
  chart: has({ hash: isText }),
  base: has({ ...of, sequence: isCount, key: isText }),
  entries: has({ ...of, entries: Array.isArray }),
  gap: has({ ...of, from: isCount, to: isCount }),
  missing: has({
    ...of,
    sequence: isCount,
    key: isText,
    missing: isCount,
    of: perhapsText,
  }),
  recordings: has({ problems: listOf(isProblem) }),
  ends: has({ sequences: (value) => isFields(value) && Object.values(value).every(isCount) }),
  stored: has({
    services: Array.isArray,
    removed: areTexts,
    problem: maybe(isProblem),
    owner: maybe(has(owner)),
    unread: maybe(areTexts),
  }),
  history: has({ key: isText, checkpoints: listOf(isStored), problem: maybe(isProblem) }),
  controlled: has({ id: isNumber, problem: maybe(isProblem) }),
  refused: has({ code: isText, message: isText }),
  'refused-guests': has({ refused: listOf(has({ guest: isText, token: isText })) }),
}

/** What is no message, or has another shape than its type, is none; of another type it is passed over by whoever is told of it. */
export function isMessage(value: unknown): value is TraceMessage {
  if (!isFields(value) || typeof value.type !== 'string') return false
  return !Object.hasOwn(MESSAGES, value.type) || MESSAGES[value.type]?.(value) === true
}
