import type { AnyActorRef, InspectionEvent } from 'xstate'
import type { Inspected } from '../../ports/inspector.js'
import { isMachine } from '../../service/walk.js'
import { internalActor, snapshotOf } from '../../xstate/internals.js'
import { type Note, sketchOf } from './notes.js'
import { type Place, placeOf } from './places.js'

interface Newcomer {
  readonly actor: AnyActorRef
  readonly place: Place
}

/** Turns XState's inspection events into notes: places for references, an introduction for every actor before all else. */
export class Observer {
  readonly #places = new WeakMap<AnyActorRef, Place>()
  /** Announced by XState before they have a snapshot. */
  #newcomers: Newcomer[] = []

  constructor(
    private readonly label: string | undefined,
    private readonly now: () => number,
    private readonly noted: (note: Note) => void,
  ) {}

  observe(event: InspectionEvent, of: Inspected): void {
    this.introduce()
    if (event.type === '@xstate.actor') this.#place(event.actorRef, of)
    else if (event.type === '@xstate.event') this.#event(event, of)
    else if (event.type === '@xstate.snapshot') this.#snapshot(event, of)
  }

  /** Introduces those who have a snapshot by now, and nobody before the one that has made them. */
  introduce(): void {
    if (this.#newcomers.length === 0) return
    const newcomers = this.#newcomers
    this.#newcomers = []
    const waiting = new Set<string | undefined>()
    for (const newcomer of newcomers) {
      const { actor, place } = newcomer
      const snapshot = snapshotOf(actor)
      // What a machine invokes as it begins is there before the machine itself.
      if (snapshot === undefined || waiting.has(place.parentId)) {
        waiting.add(place.sessionId)
        this.#newcomers.push(newcomer)
        continue
      }
      // One that has stopped before it began only stands for an actor of an earlier life.
      if (snapshot.status === 'stopped') continue
      const { logic } = internalActor(actor)
      const config = isMachine(logic) ? logic.config : undefined
      this.noted({ type: 'actor', place, config, snapshot: sketchOf(snapshot), atMs: this.now() })
    }
  }

  #event(event: Extract<InspectionEvent, { type: '@xstate.event' }>, of: Inspected): void {
    const place = this.#place(event.actorRef, of)
    const source = event.sourceRef && this.#place(event.sourceRef, of)
    this.introduce()
    // An actor that fails makes no snapshot event: its parent hears of it.
    if (source !== undefined && event.event.type.startsWith('xstate.error.actor.')) {
      this.#sketch(source, event.sourceRef?.getSnapshot(), event.event)
    }
    this.noted({ type: 'event', place, source: source?.sessionId, event: event.event, atMs: this.now() })
  }

  #snapshot(event: Extract<InspectionEvent, { type: '@xstate.snapshot' }>, of: Inspected): void {
    const place = this.#place(event.actorRef, of)
    this.introduce()
    this.#sketch(place, event.snapshot, event.event)
  }

  #sketch(place: Place, snapshot: unknown, event: unknown): void {
    // XState's snapshots are objects.
    const sketch = sketchOf(snapshot as object)
    this.noted({ type: 'snapshot', place, event, snapshot: sketch, atMs: this.now() })
  }

  #place(reference: InspectionEvent['actorRef'], of: Inspected): Place {
    // XState types the actor by a machine that is not known here.
    const actor = reference as AnyActorRef
    let place = this.#places.get(actor)
    if (place === undefined) {
      place = placeOf(actor, of, this.label)
      this.#places.set(actor, place)
      this.#newcomers.push({ actor, place })
    }
    return place
  }
}
