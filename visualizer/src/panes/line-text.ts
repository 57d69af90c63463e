import { changed } from '../../../src/inspect/stream/change.js'
import type { EffectShown, Entry, Path } from '../../../src/inspect/stream/entry.js'
import { actorName, counted, eventName, ofActorText, pathName } from '../chart/words.js'
import { delayOfEvent, keyOfState, store } from '../shell/session.js'
import type { Moment, Moments } from '../store/moments.js'
import { fieldOf, senderOf, typeOf, valueText } from '../store/values.js'
import { askedText, holderText } from './asked-text.js'
import { isHistory } from './history-state.js'
import { type GoneBack, goneBackAt } from './lives.js'
import { stateName } from './state-names.js'

/** So many moments may lie between an event and what the machine made of it. */
const MOST_BETWEEN = 100

/** Whether the machine has ignored the event of a moment, as what comes after it tells: no step is of it. */
export function isIgnored(moments: Moments, index: number): boolean {
  const event = entryAt(moments, index)
  if (event?.kind !== 'event' || event.to.length > 0 || typeOf(event.event).startsWith('xstate.'))
    return false
  for (let at = index + 1; at <= index + MOST_BETWEEN; at++) {
    const next = entryAt(moments, at)
    if (next === undefined || (next.kind === 'step' && next.actor.length === 0)) return false
    // A transition that threw has no step, either.
    if (next.kind === 'lifecycle' && next.event === 'lifecycle.failed') return false
    // A transition is over before anything of it is committed, and before the next event is taken.
    if (
      next.kind === 'commit' ||
      next.kind === 'lifecycle' ||
      (next.kind === 'event' && next.to.length === 0)
    )
      return true
  }
  return false
}

function entryAt(moments: Moments, index: number): Entry | undefined {
  const moment = moments.at(index)
  return moment?.type === 'entry' ? moment.entry : undefined
}

/** What happened, in a line. */
export function lineText(moment: Moment, moments: Moments): string {
  if (moment.type === 'base') return 'What came before is not known; this is how it stood'
  if (moment.type === 'gap') {
    if (moment.of === 'base') return 'How it stood here came in another shape, and is missing'
    const of = moment.of === 'entry' ? 'in another shape' : 'of its process'
    return `${counted(moment.missing, 'entry', 'entries')} ${of} ${moment.missing === 1 ? 'is' : 'are'} missing here`
  }
  const { entry, incarnation } = moment
  if (moments.beganAnew.has(moment))
    return 'begins its first life: what was before had been removed from the store'
  if (entry.kind === 'revived' && moments.wasDone.has(moment))
    return `is done, as checkpoint ${entry.checkpoint} says`
  const back = entry.kind === 'revived' ? goneBackAt(moments, moment) : undefined
  if (entry.kind === 'revived' && back !== undefined) return backText(entry.checkpoint, back)
  return entry.kind === 'effect'
    ? effectText(entry, moments.effectOf(incarnation, entry.effect), moments.logicOf)
    : entryText(entry, moments.logicOf)
}

function backText(checkpoint: number, { newest, isSetAside }: GoneBack): string {
  const from = `goes on from checkpoint ${checkpoint}`
  if (!isSetAside) return `${from}: the store went back, and checkpoint ${newest} is lost`
  return newest === checkpoint + 1
    ? `checkpoint ${newest} was set aside: ${from}`
    : `checkpoints ${checkpoint + 1} to ${newest} were set aside: ${from}`
}

function entryText(
  entry: Exclude<Entry, { readonly kind: 'effect' }>,
  logicOf: (id: string) => string,
): string {
  const named = (actor: Path) => pathName(actor, logicOf)
  switch (entry.kind) {
    case 'service':
      return `${entry.definition} version ${entry.version} came into this process`
    case 'lifecycle':
      return `${entry.state}   ${entry.event}`
    case 'hold':
      return `${entry.hold} ${entry.change} ${entry.asker === undefined ? '' : '  '}${holderText(entry)}`
    case 'revived':
      return entry.fresh
        ? 'begins its first life'
        : `goes on from checkpoint ${entry.checkpoint}${entry.slept ? ', out of sleep' : ''}`
    case 'rests':
      return `rests in checkpoint ${entry.checkpoint}`
    case 'asleep':
      return 'sleeps, out of memory'
    case 'actor':
      return `${entry.actor.length === 0 ? 'the machine' : actorName(entry.actor.at(-1) ?? '', entry.logic)} is there`
    case 'ended':
      return `${named(entry.actor)} ended`
    case 'event': {
      const from = senderOf(entry)
      return `${eventName(typeOf(entry.event), keyOfState, logicOf, delayOfEvent)}${from === undefined ? '' : `   from ${named(from)}`}${entry.to.length === 0 ? '' : `   to ${named(entry.to)}`}`
    }
    case 'step':
      return stepText(entry, named(entry.actor))
    case 'timer':
      return `${timerText(entry, logicOf)} ${entry.change}`
    case 'inbox':
      return `${typeOf(entry.event)} ${INBOX[entry.change] ?? entry.change}`
    case 'commit':
      return entry.ok
        ? `checkpoint ${entry.checkpoint}   ${entry.size.toLocaleString('en')} characters in ${Math.round(entry.durationMs * 10) / 10} ms`
        : `checkpoint ${entry.checkpoint} did not come to the store`
    case 'armed':
      return entry.state === undefined
        ? `the kill to come was taken back ${askedText(entry.by)}`
        : `the process is to be killed at ${entry.state}, asked for ${askedText(entry.by)}`
    case 'removed':
      return 'was removed, with all its checkpoints'
    case 'problem':
      return `could not be taken: ${entry.problem}`
    default:
      // A kind that a newer process tells of.
      return String((entry as { readonly kind: unknown }).kind)
  }
}

/** What the library calls a delayed event to which the machine gives no name. */
const UNNAMED = 'tardigrade.unnamed.'

/** Whose it is, and where its event goes, which only its first entry tells. */
function timerText(
  { actor, id, what }: Extract<Entry, { readonly kind: 'timer' }>,
  logicOf: (id: string) => string,
): string {
  const delayOf = what === undefined ? delayOfEvent : () => what.delayMs
  const event = what === undefined ? (id.startsWith(UNNAMED) ? 'a delayed event' : id) : typeOf(what.event)
  return ofActorText({ actor, target: what?.target }, eventName(event, keyOfState, logicOf, delayOf), logicOf)
}

/** `what` it is: only its first entry tells that itself. */
function effectText(
  { effect, change }: Extract<Entry, { readonly kind: 'effect' }>,
  what: EffectShown | undefined,
  logicOf: (id: string) => string,
): string {
  if (what === undefined) return `effect ${effect} ${EFFECTS[change]}`
  const { effectKind } = what
  const name = effectName(what, logicOf)
  const said = SAID[effectKind]?.[change]
  return said === undefined ? `${effectKind} ${name} ${EFFECTS[change]}` : said.replace('…', () => name)
}

/** What starts or ends an actor's work is of that actor; XState calls all of them alike. */
export function effectName(
  { effectKind, name, actor }: EffectShown,
  logicOf: (id: string) => string,
): string {
  return effectKind === 'start' || effectKind === 'dispose' ? pathName(actor, logicOf) : name
}

const EFFECTS: Readonly<Record<string, string>> = {
  waiting: 'waits for its commit',
  released: 'runs',
  done: 'is done',
  failed: 'failed',
  again: 'runs again, under its old key',
  dropped: 'was dropped',
}

/** Of what is done in a moment, or only begins something that goes on. */
const SAID: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  start: {
    released: 'starts …',
    done: 'started …',
    failed: 'could not start …',
    again: 'starts … again, under its old key',
  },
  dispose: { released: 'ends …', done: 'ended …', failed: 'could not end …' },
  emit: { released: 'emits …', done: 'emitted …' },
  deliver: { released: 'delivers …', done: 'delivered …', failed: 'could not deliver …' },
}

const INBOX: Readonly<Record<string, string>> = {
  accepted: 'came into the inbox',
  kept: 'waits in the inbox',
  applied: 'was given from the inbox',
  refused: 'was refused from the inbox',
}

function stepText(entry: Extract<Entry, { readonly kind: 'step' }>, actor: string): string {
  const told = valueText(fieldOf(changed(undefined, entry.changes), 'value'))
  const hops = (entry.microsteps ?? []).flatMap(({ transitions }) => transitions)
  const ids = hops.flatMap(({ targets }) => targets.slice(0, 1))
  const isOfHistory = told !== '' && isHistory(ids.at(-1) ?? '')
  const way = ids.map((id) => stateName(store.value.charts.values(), id) ?? keyOfState(id)).join(' → ')
  const to = way === '' ? told : `${way}${isOfHistory ? `: ${told}` : ''}`
  const changes = entry.changes.filter(({ path }) => path[0] === 'context').length
  const others = [...new Set(entry.changes.map(({ path }) => path[0] ?? 'its snapshot'))]
    .filter((name) => name !== 'value' && name !== 'context')
    .join(', ')
  const parts = [
    entry.actor.length === 0 ? '' : `${actor}:`,
    to === '' ? (endText(entry) ?? stayText(hops.length, changes, others)) : `→ ${to}`,
    changes === 0 ? '' : `  ${counted(changes, 'change')} of context`,
  ]
  return parts.filter(Boolean).join(' ').trim()
}

const ENDS: ReadonlyMap<unknown, string> = new Map([
  ['done', 'ended'],
  ['error', 'failed'],
  ['stopped', 'was stopped'],
])

/** Of the step in which an actor came to its end; undefined of any other. */
function endText({ changes }: Extract<Entry, { readonly kind: 'step' }>): string | undefined {
  const status = changes.find(({ path }) => path.length === 1 && path[0] === 'status')
  return status !== undefined && 'value' in status ? ENDS.get(status.value) : undefined
}

/** Protocols of guests tell no transitions: what has changed says that there was one. */
function stayText(transitions: number, changes: number, others: string): string {
  if (transitions > 0) return 'stays'
  if (changes > 0) return ''
  return others === '' ? 'nothing changed' : `${others} changed`
}
