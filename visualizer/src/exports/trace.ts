import type { Entry } from '../../../src/inspect/stream/entry.js'
import type { ServerMessage } from '../../../src/inspect/stream/message.js'
import type { Trace, TraceMessage } from '../../../src/inspect/stream/trace.js'
import type { Moment } from '../store/moments.js'
import type { Store } from '../store/store.js'

/** Entries of one message. */
const TOGETHER = 500

/** All that the page has, as a trace that it can be given again: charts, then each process with what it told, in its order. */
export function traceOf(store: Store): Trace {
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
  const told = byIncarnation(store)
  for (const [incarnation, facts] of store.incarnations) {
    messages.push(facts)
    for (const { key, moment } of told.get(incarnation) ?? []) {
      if (moment.type === 'base')
        messages.push({ type: 'base', incarnation, sequence: moment.sequence, key, state: moment.state })
      if (moment.type === 'entry') push(messages, incarnation, moment.entry)
    }
  }
  const stored = [...store.services.values()].flatMap((service) => service.stored ?? [])
  if (stored.length > 0) messages.push({ type: 'stored', services: stored, removed: [], complete: true })
  const counterexample = store.counterexample.peek()
  if (counterexample !== undefined) messages.push(counterexample)
  return { tardigradeTrace: 1, messages }
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
function byIncarnation(store: Store): ReadonlyMap<string, readonly Told[]> {
  const told = new Map<string, Told[]>()
  for (const { key, moments } of store.services.values())
    for (const moment of moments.all()) {
      const list = told.get(moment.incarnation) ?? []
      told.set(moment.incarnation, list)
      list.push({ key, moment })
    }
  for (const list of told.values()) list.sort((a, b) => sequenceOf(a.moment) - sequenceOf(b.moment))
  return told
}

function sequenceOf(moment: Moment): number {
  return moment.type === 'entry' ? moment.entry.sequence : moment.sequence
}
