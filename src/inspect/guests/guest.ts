import { chartOfConfig } from '../chart/chart-of.js'
import { HIDE_NOTHING, type Hide } from '../redact.js'
import { type Shown, shown } from '../shown.js'
import { diff } from '../stream/diff.js'
import type { Happening } from '../stream/entry.js'
import { fieldsShown, MACHINE_FIELDS, STREAM_LIMITS } from '../stream/view.js'
import { type GuestActor, GuestActors } from './actors.js'
import { type Fields, type GuestNote, isFields } from './note.js'
import { SentEvents } from './sent-events.js'
import { sharing } from './sharing.js'

/** Actors and charts of one guest that are shown at once. */
const MOST_ACTORS = 1000
const MOST_CHARTS = 200
/** Longest name that stands in a path. */
const LONGEST_NAME = 200

/** What is shown already is within the bounds. */
const BOUNDED = {
  depth: Number.POSITIVE_INFINITY,
  values: Number.POSITIVE_INFINITY,
  text: Number.POSITIVE_INFINITY,
}

type Of<Type extends GuestNote['type']> = Extract<GuestNote, { readonly type: Type }>

/** Whom a guest tells what it makes of its notes. */
export interface GuestListener {
  /** A key for a service of this name that no other has at the moment. */
  keyFor(name: string): string
  /** The service of this key has ended: another may have the key. */
  released(key: string): void
  chart(hash: string, chart: string): void
  happened(key: string, happening: Happening, atMs: number | undefined): void
}

/**
 * Makes of a guest's notes what the stream tells of services: each of its root actors is one, with the actors under it. It knows of them
 * what their protocol says, so that there are no microsteps, effects, timers or commits. Nothing that a guest sends makes it throw.
 */
export class Guest {
  readonly #actors = new GuestActors()
  readonly #charts = new Set<string>()
  /** What is told of once: that there are too many actors, or charts. */
  readonly #told = new Set<string>()
  /** What was sent to it from here. */
  readonly sent = new SentEvents()
  /** Key under which problems are told that are nobody's. */
  #own: string | undefined

  constructor(
    /** How its definition is called where a service has none of its own. */
    private readonly protocol: string,
    private readonly hide: Hide,
    private readonly listener: GuestListener,
  ) {}

  take(note: GuestNote): void {
    switch (note.type) {
      case 'actor':
        this.#introduce(note)
        return
      case 'event':
        this.#event(note)
        return
      case 'snapshot':
        this.#snapshot(note)
        return
      case 'stopped': {
        const actor = this.#actors.get(note.session)
        if (actor !== undefined) this.#end(actor, 'stopped', 'stopped')
        return
      }
      case 'goodbye':
        this.end('goodbye')
        return
      case 'problem':
        this.#problem(note)
    }
  }

  /** It is gone: whatever it has shown runs here no more. */
  end(why: string): void {
    for (const root of this.#actors.roots()) this.#end(root, 'stopped', why)
    const own = this.#own
    if (own === undefined) return
    this.#own = undefined
    this.listener.happened(own, { kind: 'lifecycle', state: 'stopped', event: why }, undefined)
    this.listener.released(own)
  }

  /** The session of the root of the service with this key, which is the one that takes events. */
  sessionOf(key: string): string | undefined {
    return this.#actors.roots().find((root) => root.key === key)?.session
  }

  #introduce({ session, parent: of, name, config, snapshot, atMs }: Of<'actor'>): GuestActor | undefined {
    const parent = of === undefined ? undefined : this.#actors.get(of)
    const known = this.#actors.get(session)
    if (known === undefined && this.#actors.count >= MOST_ACTORS) {
      this.#once(`It shows more than ${MOST_ACTORS} actors: the rest are left out`)
      return undefined
    }
    const again = known?.parent === parent ? known : undefined
    if (again !== undefined) this.#forget(again)
    // It was taken for a root while nobody knew of its parent.
    else if (known !== undefined) this.#end(known, 'stopped', 'it has a parent')
    const id = name.slice(0, LONGEST_NAME)
    const key = parent?.key ?? again?.key ?? this.listener.keyFor(id)
    const path =
      again?.path ?? (parent === undefined ? [] : [...parent.path, this.#actors.freeName(id, parent)])
    const actor: GuestActor = { session, parent, key, path, named: false, shown: this.#shown(snapshot) }
    this.#actors.add(actor)
    const chart = this.#chart(config, id, parent === undefined)
    if (parent === undefined) {
      const service = { definition: id, version: 0, chart: chart ?? '', lifecycleChart: '' }
      this.listener.happened(key, { kind: 'service', ...service }, atMs)
      this.listener.happened(key, { kind: 'lifecycle', state: 'running', event: this.protocol }, atMs)
    }
    const logic = parent === undefined ? '' : id
    const facts = { actor: path, logic, ...(chart === undefined ? {} : { chart }) }
    this.listener.happened(key, { kind: 'actor', ...facts, snapshot: actor.shown }, atMs)
    if (of !== undefined && parent === undefined)
      this.#problem({ type: 'problem', problem: `Its parent ${of} was never introduced`, session })
    this.#noticeEnd(actor, snapshot, 'xstate.init')
    return actor
  }

  #event({ session, source, event, atMs }: Of<'event'>): void {
    const to = this.#known(session, atMs)
    if (to === undefined) return
    const isOurs = this.sent.take(session, source, event)
    const sender = source === undefined || isOurs ? undefined : this.#actors.get(source)
    // One of another service stands in no tree with it.
    const from = sender?.key === to.key ? { from: sender.path } : {}
    const told = shown(event, 'event', this.hide, STREAM_LIMITS)
    this.listener.happened(to.key, { kind: 'event', to: to.path, ...from, event: told }, atMs)
  }

  #snapshot({ session, event, snapshot, changed, atMs }: Of<'snapshot'>): void {
    const actor = this.#known(session, atMs)
    if (actor === undefined) return
    const before = actor.shown
    actor.shown = sharing(before, this.#shown(snapshot))
    // What is hidden is so in what is shown already.
    const changes = diff(before, actor.shown, '', HIDE_NOTHING, BOUNDED)
    this.listener.happened(actor.key, { kind: 'step', actor: actor.path, event, changes }, atMs)
    if (changed !== undefined) this.sent.settle(session, event, changed)
    this.#endChildren(actor, snapshot.children)
    this.#noticeEnd(actor, snapshot, event)
  }

  /** The actor of this session; one that was never introduced is shown as what it is. */
  #known(session: string, atMs: number | undefined): GuestActor | undefined {
    const known = this.#actors.get(session)
    if (known !== undefined || this.#actors.hasEnded(session)) return known
    const introduced = this.#introduce({
      type: 'actor',
      session,
      parent: undefined,
      name: session,
      config: undefined,
      snapshot: {},
      atMs,
    })
    if (introduced !== undefined)
      this.#problem({ type: 'problem', problem: `The actor ${session} was never introduced`, session })
    return introduced
  }

  #shown(snapshot: Fields): Shown {
    const names = 'value' in snapshot ? MACHINE_FIELDS : Object.keys(snapshot)
    const told = names.filter((name) => name !== 'children' && !isEmpty(name, snapshot[name]))
    return fieldsShown(snapshot, told, this.hide)
  }

  /** A child that its parent has named, and names no more, has ended. */
  #endChildren(parent: GuestActor, named: unknown): void {
    if (this.#actors.count === 1 || !isFields(named)) return
    for (const child of this.#actors.childrenOf(parent)) {
      const isThere = Object.hasOwn(named, child.path.at(-1) ?? '')
      if (child.named && !isThere) this.#end(child, 'stopped', '')
      child.named ||= isThere
    }
  }

  #noticeEnd(actor: GuestActor, { status }: Fields, event: string): void {
    if (status === 'done') this.#end(actor, 'done', event)
    else if (status === 'error') this.#end(actor, 'failed', event)
    else if (status === 'stopped') this.#end(actor, 'stopped', event)
  }

  #end(actor: GuestActor, state: 'done' | 'failed' | 'stopped', event: string): void {
    const { key, parent } = actor
    for (const { path } of this.#actors.remove(actor)) {
      // A root stays as it ended.
      if (path.length > 0) this.listener.happened(key, { kind: 'ended', actor: path }, undefined)
    }
    if (parent !== undefined) return
    this.listener.happened(key, { kind: 'lifecycle', state, event }, undefined)
    this.listener.released(key)
  }

  #forget(actor: GuestActor): void {
    for (const { path } of this.#actors.remove(actor)) {
      if (actor.parent !== undefined && path.length > 0)
        this.listener.happened(actor.key, { kind: 'ended', actor: path }, undefined)
    }
  }

  #chart(config: Fields | undefined, name: string, isRoot: boolean): string | undefined {
    // The package gives what is no machine a definition of its name alone.
    if (!isRoot && !isFields(config?.states)) return undefined
    const chart = chartOfConfig(config ?? { id: name })
    // A mark of its own: it stands for no chart of this program's services.
    const hash = `guest-${chart.hash}`
    if (this.#charts.has(hash)) return hash
    if (this.#charts.size >= MOST_CHARTS) {
      this.#once(`It shows more than ${MOST_CHARTS} definitions: the rest have no chart`)
      return undefined
    }
    this.#charts.add(hash)
    this.listener.chart(hash, JSON.stringify({ ...chart, hash }))
    return hash
  }

  #once(what: string): void {
    if (this.#told.has(what)) return
    this.#told.add(what)
    this.#problem({ type: 'problem', problem: what })
  }

  #problem({ problem, sent = '', session }: Of<'problem'>): void {
    const of = session === undefined ? undefined : this.#actors.get(session)
    // By its names alone something could be hidden in it, and it may have none.
    const told = `${problem}${this.hide === HIDE_NOTHING || sent === '' ? sent : ': what was sent is hidden'}`
    this.listener.happened(of?.key ?? this.#ownKey(), { kind: 'problem', problem: told }, undefined)
  }

  /** Where nothing else stands for it, the guest itself does. */
  #ownKey(): string {
    if (this.#own !== undefined) return this.#own
    const key = this.listener.keyFor(this.protocol)
    this.#own = key
    const service = { definition: this.protocol, version: 0, chart: '', lifecycleChart: '' }
    this.listener.happened(key, { kind: 'service', ...service }, undefined)
    this.listener.happened(key, { kind: 'lifecycle', state: 'running', event: this.protocol }, undefined)
    return key
  }
}

/** A machine has tags and a history, whether or not there is anything in them. */
function isEmpty(name: string, value: unknown): boolean {
  const isList = name === 'tags' || name === 'historyValue'
  return isList && typeof value === 'object' && value !== null && Object.keys(value).length === 0
}
