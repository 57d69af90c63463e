import type { Entry } from '../../../src/inspect/stream/entry.js'
import type { HistoryMessage, ServerMessage } from '../../../src/inspect/stream/message.js'
import type { Trace, TraceMessage } from '../../../src/inspect/stream/trace.js'
import type { Moment } from '../store/moments.js'
import type { Service } from '../store/service.js'
import type { Store } from '../store/store.js'

/** Entries of one message. */
const TOGETHER = 500

/** Moments of one service, from one index to another. */
export interface Range {
  readonly service: Service
  readonly first: number
  readonly last: number
}

/** All that the page has, or some moments of one service, as a trace that it can be given again: charts, then each process with what it told, in its order. */
export function traceOf(store: Store, range?: Range): Trace {
  const messages: TraceMessage[] = []
  const hello = store.hello.peek()
  if (hello !== undefined) messages.push({ ...hello, control: false })
  // A chart is JSON, which its type says in more words.
  for (const [hash, chart] of store.charts)
    messages.push({
      type: 'chart',
      hash,
      chart: chart as unknown as Extract<ServerMessage, { type: 'chart' }>['chart'],
    })
  const told = byIncarnation(range === undefined ? allOf(store) : momentsIn(range))
  for (const [incarnation, facts] of store.incarnations) {
    if (range !== undefined && !told.has(incarnation)) continue
    messages.push(facts)
    for (const { key, moment } of told.get(incarnation) ?? []) {
      if (moment.type === 'base')
        messages.push({ type: 'base', incarnation, sequence: moment.sequence, key, state: moment.state })
      if (moment.type === 'gap') {
        const { type: _, ...gap } = moment
        messages.push({ type: 'missing', key, ...gap })
      }
      if (moment.type === 'entry') push(messages, incarnation, moment.entry)
    }
  }
  if (range !== undefined) return { tardigradeTrace: 1, messages }
  const stored = [...store.services.values()].flatMap((service) => service.stored ?? [])
  const problem = store.kept.problem.peek()
  const unread = [...store.services.values()].filter(({ isUnread }) => isUnread).map(({ key }) => key)
  const owner = store.kept.owner.peek()
  const amiss = { ...(problem === undefined ? {} : { problem, unread }), ...(owner && { owner }) }
  if (stored.length > 0 || problem !== undefined)
    messages.push({ type: 'stored', services: stored, removed: [], complete: true, ...amiss })
  messages.push(...[...store.services.values()].flatMap(newestKept))
  const counterexample = store.counterexample.peek()
  if (counterexample !== undefined) messages.push(counterexample)
  return { tardigradeTrace: 1, messages }
}

/** The newest checkpoint of a service, where it was shown: earlier ones are seen by who can ask for them. */
function newestKept({ history, stored }: Service): readonly HistoryMessage[] {
  const newest = history?.checkpoints[0]
  if (history === undefined || newest?.state === undefined || stored === undefined) return []
  return [{ ...history, checkpoints: [newest] }]
}

function allOf({ services }: Store): readonly Told[] {
  return [...services.values()].flatMap(({ key, moments }) =>
    moments.all().map((moment) => ({ key, moment })),
  )
}

/** With how the service stood before the first of them. */
function momentsIn({ service: { key, moments }, first, last }: Range): readonly Told[] {
  const chosen = moments.all().slice(first, last + 1)
  const state = first === 0 ? undefined : moments.stateAt(first - 1)
  const [begins] = chosen
  if (state === undefined || begins === undefined) return chosen.map((moment) => ({ key, moment }))
  const { incarnation } = begins
  const base: Moment = { type: 'base', incarnation, sequence: sequenceOf(begins) - 1, state }
  return [base, ...chosen].map((moment) => ({ key, moment }))
}

function push(messages: TraceMessage[], incarnation: string, entry: Entry): void {
  const last = messages.at(-1)
  if (last?.type === 'entries' && last.incarnation === incarnation && last.entries.length < TOGETHER)
    messages[messages.length - 1] = { ...last, entries: [...last.entries, entry] }
  else messages.push({ type: 'entries', incarnation, entries: [entry] })
}

interface Told {
  readonly key: string
  readonly moment: Moment
}

/** What each process told, in the order of its sequences: a base stands right after the entry that it is as of. */
function byIncarnation(all: readonly Told[]): ReadonlyMap<string, readonly Told[]> {
  const told = new Map<string, Told[]>()
  for (const one of all) {
    const list = told.get(one.moment.incarnation)
    if (list === undefined) told.set(one.moment.incarnation, [one])
    else list.push(one)
  }
  for (const list of told.values()) list.sort((a, b) => sequenceOf(a.moment) - sequenceOf(b.moment))
  return told
}

function sequenceOf(moment: Moment): number {
  return moment.type === 'entry' ? moment.entry.sequence : moment.sequence
}
