import type { Fact } from '../../ports/inspector.js'
import type { Hide } from '../redact.js'
import { type Shown, shown } from '../shown.js'
import { restShown } from '../stored/stored-shown.js'
import type { EffectShown, TimerShown } from './entry.js'
import type { Tell } from './recorder.js'
import type { Track } from './track.js'
import { STREAM_LIMITS } from './view.js'

/** What JSON can tell of a timer that never comes due. */
const NEVER_MS = Number.MAX_SAFE_INTEGER

type Of<Type extends Fact['type']> = Extract<Fact, { type: Type }>

/** A commit on its way, and what was told before its capture. */
interface UnderWay extends Of<'captured'> {
  readonly now: { readonly atMs: number; readonly sequence: number }
}

/** Tells what the runtime says of a service. */
export class RuntimeNotes {
  readonly #numbers = new WeakMap<object, number>()
  readonly #commits = new WeakMap<Track, UnderWay>()
  #effects = 0

  constructor(
    private readonly hide: Hide,
    private readonly tell: Tell,
    /** The time, and the sequence of the last entry. */
    private readonly now: () => { readonly atMs: number; readonly sequence: number },
  ) {}

  write(track: Track, fact: Fact): void {
    switch (fact.type) {
      case 'revived': {
        const { fresh, slept, checkpoint } = fact
        this.tell(track, { kind: 'revived', fresh, slept, checkpoint })
        track.revived(checkpoint, fresh)
        return
      }
      case 'whole':
        track.reviving = false
        return
      case 'rests':
        this.#rests(track, fact)
        return
      case 'asleep': {
        const { wakeAtMs } = fact
        this.tell(track, { kind: 'asleep', ...(wakeAtMs === undefined ? {} : { wakeAtMs }) })
        track.asleep = true
        track.actors.clear()
        return
      }
      case 'effect':
        this.#effect(track, fact)
        return
      case 'timer':
        this.#timer(track, fact)
        return
      case 'inbox':
        this.#inbox(track, fact)
        return
      case 'armed': {
        const { state, by } = fact
        this.tell(track, { kind: 'armed', by, ...(state === undefined ? {} : { state }) })
        track.armed = state === undefined ? undefined : { state, by }
        return
      }
      case 'removed':
        this.tell(track, { kind: 'removed' })
        track.removed()
        return
      case 'asked':
        track.asked.set(fact.hold, fact.by)
        return
      case 'captured':
        this.#commits.set(track, { ...fact, now: this.now() })
        return
      case 'committed':
        this.#committed(track, fact)
    }
  }

  /** The store holds no charts, and what it numbers as effects are others than those that this process has told. */
  #rests(track: Track, { stored }: Of<'rests'>): void {
    const state = restShown(stored, this.hide)
    if (state === undefined) return
    const actors = state.actors.map((one) => {
      const chart = track.charts.get(one.logic)
      return chart === undefined ? one : { ...one, chart }
    })
    const outbox = state.outbox.map((one) => ({ ...one, effect: ++this.#effects }))
    const rest = { actors, timers: state.timers, outbox }
    this.tell(track, { kind: 'rests', checkpoint: stored.sequence, ...rest })
    track.rest = rest
  }

  #effect(track: Track, { change, effect, error }: Of<'effect'>): void {
    const { key: effectKey } = effect
    const key = effectKey === undefined ? {} : { effectKey }
    if (change === 'waiting' || change === 'again') {
      const number = ++this.#effects
      this.#numbers.set(effect, number)
      const what: EffectShown = {
        effectKind: effect.kind,
        actor: track.placeOf(effect.actor).path,
        name: effect.type,
        ...(effect.params === undefined ? {} : { params: this.#shown(effect.params, 'params') }),
      }
      const again = change === 'again' ? key : {}
      this.tell(track, { kind: 'effect', effect: number, change, what, ...again })
      track.outbox.set(effect, { ...what, effect: number, running: false, ...again })
      return
    }
    const number = this.#numbers.get(effect)
    // It is one of the life before, which has been told already.
    if (number === undefined) return
    const told = error === undefined ? {} : { error: this.#shown(error, 'error') }
    this.tell(track, { kind: 'effect', effect: number, change, ...key, ...told })
    const known = track.outbox.get(effect)
    if (change !== 'released') track.outbox.delete(effect)
    else if (known !== undefined) track.outbox.set(effect, { ...known, running: true, ...key })
  }

  #timer(track: Track, { change, timer, policy }: Of<'timer'>): void {
    const { path, name } = track.placeOf(timer.source)
    const slot = `${name} ${timer.id}`
    if (change === 'fired' || change === 'cancelled') {
      this.tell(track, { kind: 'timer', change, actor: path, id: timer.id })
      track.timers.delete(slot)
      return
    }
    const delayMs = Math.min(timer.delayMs, NEVER_MS)
    const dueAtMs = Math.min(timer.dueAtMs, NEVER_MS)
    const target = track.placeOf(timer.target).path
    const event = this.#shown(timer.event, 'event')
    const what: TimerShown = { target, event, delayMs, dueAtMs, policy }
    this.tell(track, { kind: 'timer', change, actor: path, id: timer.id, what })
    // Deleted first: the one set last stands last.
    track.timers.delete(slot)
    track.timers.set(slot, { actor: path, id: timer.id, ...what })
  }

  #inbox(track: Track, { change, entry }: Of<'inbox'>): void {
    const key = entry.key === undefined ? {} : { eventKey: entry.key }
    const told = { event: this.#shown(entry.event, 'event'), ...key }
    this.tell(track, { kind: 'inbox', change, ...told })
    if (change === 'applied' || change === 'refused') track.inbox.shift()
    else track.inbox.push(told)
  }

  #committed(track: Track, { error }: Of<'committed'>): void {
    const underWay = this.#commits.get(track)
    if (underWay === undefined) return
    this.#commits.delete(track)
    const { checkpoint, epoch, phase, size, now } = underWay
    const durationMs = this.now().atMs - now.atMs
    const commit = { checkpoint, epoch, phase, size, durationMs, upTo: now.sequence }
    const told = error === undefined ? {} : { error: this.#shown(error, 'error') }
    this.tell(track, { kind: 'commit', ok: error === undefined, ...commit, ...told })
    if (error === undefined) track.commit = commit
  }

  #shown(value: unknown, part: string): Shown {
    return shown(value, part, this.hide, STREAM_LIMITS)
  }
}
