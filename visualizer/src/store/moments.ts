import type { EffectShown, Entry } from '../../../src/inspect/stream/entry.js'
import { folded } from '../../../src/inspect/stream/fold.js'
import type { ServiceState } from '../../../src/inspect/stream/state.js'
import { isNameless } from './paths.js'

/** One thing that is known of a service's history, in the order in which it happened. */
export type Moment =
  | { readonly type: 'entry'; readonly incarnation: string; readonly entry: Entry }
  /** How it stood right after the entry of this sequence, where what led there is not known. */
  | {
      readonly type: 'base'
      readonly incarnation: string
      readonly sequence: number
      readonly state: ServiceState
    }
  | Gap

/** So many entries of its process are missing here. `of`: what came in another shape than it has, entries or how it stood. */
export interface Gap {
  readonly type: 'gap'
  readonly incarnation: string
  readonly sequence: number
  readonly missing: number
  readonly of?: 'entry' | 'base'
}

/** Moments between two states that are kept, so that any other is near. */
const KEYFRAME_EVERY = 256

/** The history of one service, and how the service stood at each moment of it. */
export class Moments {
  #list: Moment[] = []
  /** States after every 256th moment. */
  #keyframes: (ServiceState | undefined)[] = []
  #state: ServiceState | undefined
  #dropped = 0
  /** Characters of each moment, and of all. */
  #sizes: number[] = []
  #characters = 0
  /** Of each incarnation, what its effects are: only their first entries tell it. */
  #effects = new Map<string, Map<number, EffectShown>>()
  /** What those actors run whose ids XState has made of their states. */
  readonly #logics = new Map<string, string>()

  /** First lives of a service that had been stored, where nothing tells that it was removed. */
  readonly beganAnew = new WeakSet<Moment>()
  /** Lives of a service that was done before. */
  readonly wasDone = new WeakSet<Moment>()
  /** What the newest checkpoint says of it, as far as the moments tell; undefined where the store has none. */
  #phase: string | undefined

  /** Moments that made room. */
  get dropped(): number {
    return this.#dropped
  }

  get characters(): number {
    return this.#characters
  }

  get length(): number {
    return this.#list.length
  }

  /** How the service stands after the last moment. */
  get state(): ServiceState | undefined {
    return this.#state
  }

  at(index: number): Moment | undefined {
    return this.#list[index]
  }

  all(): readonly Moment[] {
    return this.#list
  }

  /** `characters`: how many of its message were its own. */
  add(moment: Moment, characters = 0): void {
    this.#state = after(this.#state, moment)
    this.#list.push(moment)
    this.#sizes.push(characters)
    this.#characters += characters
    if (this.#list.length % KEYFRAME_EVERY === 0) this.#keyframes.push(this.#state)
    this.#noteEffects(moment)
    this.#noteActors(moment)
    this.#noteStore(moment)
  }

  #noteStore(moment: Moment): void {
    if (moment.type === 'base') this.#phase = moment.state.commit?.phase
    if (moment.type !== 'entry') return
    const { entry } = moment
    if (entry.kind === 'commit' && entry.ok) this.#phase = entry.phase
    if (entry.kind === 'revived' && this.#phase === 'done') this.wasDone.add(moment)
    if (entry.kind !== 'removed' && !(entry.kind === 'revived' && entry.fresh)) return
    // Whoever removed it recorded nothing, such as the command where no process had the store.
    if (this.#phase !== undefined && entry.kind === 'revived') this.beganAnew.add(moment)
    this.#phase = undefined
  }

  /** What an actor runs, or has run, to which nobody has given an id; empty where that is not known. */
  logicOf = (id: string): string => this.#logics.get(id) ?? ''

  #noteActors(moment: Moment): void {
    const actors =
      moment.type === 'base'
        ? moment.state.actors
        : moment.type === 'entry' && moment.entry.kind === 'actor'
          ? [moment.entry]
          : []
    for (const { actor, logic } of actors) {
      const id = actor.at(-1) ?? ''
      if (isNameless(id)) this.#logics.set(id, logic)
    }
  }

  /** What the effect of this number is; undefined where that is not known any more. */
  effectOf(incarnation: string, effect: number): EffectShown | undefined {
    return this.#effects.get(incarnation)?.get(effect)
  }

  #noteEffects(moment: Moment): void {
    if (moment.type === 'base')
      for (const one of moment.state.outbox) this.#noteEffect(moment, one.effect, one)
    if (moment.type !== 'entry' || moment.entry.kind !== 'effect') return
    const { effect, what } = moment.entry
    if (what !== undefined) this.#noteEffect(moment, effect, what)
  }

  #noteEffect({ incarnation }: Moment, effect: number, what: EffectShown): void {
    const known = this.#effects.get(incarnation) ?? new Map<number, EffectShown>()
    this.#effects.set(incarnation, known.set(effect, what))
  }

  /** How the service stood right after the moment of this index. */
  stateAt(index: number): ServiceState | undefined {
    if (index >= this.#list.length - 1) return this.#state
    const frames = Math.floor((index + 1) / KEYFRAME_EVERY)
    let state = frames === 0 ? undefined : this.#keyframes[frames - 1]
    for (const moment of this.#list.slice(frames * KEYFRAME_EVERY, index + 1)) state = after(state, moment)
    return state
  }

  /** Lets the older half go; what it led to is kept as a base, or as a gap where it led to nothing that is known. */
  dropOldest(): void {
    const count = this.#list.length >> 1
    const last = this.#list[count - 1]
    // What takes its place takes the place of one.
    if (count < 2 || last === undefined) return
    const state = this.stateAt(count - 1)
    const missing = this.#list.slice(0, count).reduce((sum, moment) => sum + entriesOf(moment), 0)
    const rest = this.#list.slice(count)
    const sizes = this.#sizes.slice(count)
    this.#dropped += count
    this.#list = []
    this.#sizes = []
    this.#characters = 0
    this.#keyframes = []
    this.#effects = new Map()
    this.#phase = undefined
    this.#state = undefined
    const { incarnation } = last
    const sequence = last.type === 'entry' ? last.entry.sequence : last.sequence
    if (state === undefined) this.add({ type: 'gap', incarnation, sequence, missing })
    else this.add({ type: 'base', incarnation, sequence, state }, JSON.stringify(state).length)
    for (const [at, moment] of rest.entries()) this.add(moment, sizes[at])
  }
}

/** Entries for which it stands. */
function entriesOf(moment: Moment): number {
  if (moment.type === 'gap') return moment.missing
  return moment.type === 'entry' ? 1 : 0
}

/** How a service stands after a moment. */
export function after(state: ServiceState | undefined, moment: Moment): ServiceState | undefined {
  if (moment.type === 'base') return moment.state
  return moment.type === 'entry' ? folded(state, moment.entry) : state
}
