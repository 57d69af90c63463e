import type { AnyActorRef } from 'xstate'
import type { ObservedEffect } from '../../ports/inspector.js'
import { type Hold, PROGRAM } from '../../service/holds.js'
import { internalActor } from '../../xstate/internals.js'
import { pathOf } from '../../xstate/paths.js'
import { HIDE_NOTHING, type Hide } from '../redact.js'
import { type Shown, shown } from '../shown.js'
import type { InboxHappening, Path, ServiceHappening } from './entry.js'
import { isKept } from './fold.js'
import type { ActorState, EffectState, ServiceState, TimerState } from './state.js'
import { SHORT_LIMITS, snapshotShown } from './view.js'

/** An actor of a service's machine, with its last snapshot as it is: it is compared with the next one. */
export interface TrackedActor {
  readonly path: Path
  /** The path as JSON. */
  readonly name: string
  readonly logic: string
  readonly chart: string | undefined
  snapshot: object
  /** In the middle of a macrostep: the snapshot after its last microstep, and the JSON of its microsteps. */
  last: object | undefined
  microsteps: string
}

/** What a recorder knows of one service: what its entries so far have told. */
export class Track {
  /** It came to its end, or was stopped. */
  ended = false
  lifecycle: string | undefined
  failure: Shown | undefined
  asleep = false
  /** Its actors are being brought back: their snapshots are not whole yet. */
  reviving = false
  revivedFrom: number | undefined
  holders: readonly Hold[] = []
  /** For whom the program is to set or release a hold next, and for whom it has set those in force. */
  readonly asked = new Map<string, string>()
  readonly askers = new Map<string, string>()
  readonly actors = new Map<AnyActorRef, TrackedActor>()
  /** Charts of the actors that were met, by the name of their logic. */
  readonly charts = new Map<string, string>()
  /** Of a service that has failed: what the checkpoint keeps in which it rests. */
  rest: Pick<ServiceState, 'actors' | 'timers' | 'outbox'> | undefined
  readonly timers = new Map<string, TimerState>()
  inbox: Pick<InboxHappening, 'event' | 'eventKey'>[] = []
  readonly outbox = new Map<ObservedEffect, EffectState>()
  armed: ServiceState['armed']
  commit: ServiceState['commit']
  readonly #paths = new WeakMap<object, { readonly path: Path; readonly name: string }>()

  /** The key as JSON. */
  readonly keyText: string

  constructor(
    readonly key: string,
    readonly service: Omit<ServiceHappening, 'kind'>,
  ) {
    this.keyText = JSON.stringify(key)
  }

  /** Where an actor stands, in the tree or not. */
  placeOf(actor: object): { readonly path: Path; readonly name: string } {
    let place = this.#paths.get(actor)
    if (place === undefined) {
      // Every actor of XState is one inside.
      const path = pathOf(internalActor(actor as AnyActorRef))
      place = { path, name: JSON.stringify(path) }
      this.#paths.set(actor, place)
    }
    return place
  }

  /** Another life begins: what it holds is told anew. */
  revived(checkpoint: number, fresh: boolean): void {
    this.asleep = false
    this.reviving = !fresh
    this.revivedFrom = checkpoint
    if (!isKept(this.commit, checkpoint)) this.commit = undefined
    this.rest = undefined
    this.actors.clear()
    this.timers.clear()
    this.inbox = []
    this.outbox.clear()
  }

  /** Nothing of it is stored any more, and nothing of it is to come. */
  removed(): void {
    this.ended = true
    this.lifecycle = 'removed'
    this.armed = undefined
    this.holders = []
    if (this.rest !== undefined) this.rest = { ...this.rest, timers: [], outbox: [] }
    this.timers.clear()
    this.inbox = []
    this.outbox.clear()
  }

  /** For whom the program has set a hold that is in force. */
  askerOf({ name, by }: Hold): { readonly asker?: string } {
    const asker = by === PROGRAM ? this.askers.get(name) : undefined
    return asker === undefined ? {} : { asker }
  }

  /** Where the service stands, as the entries so far have told it. `short` leaves out most of what its snapshots hold. */
  state(hide: Hide, short: boolean): ServiceState {
    const { lifecycle, failure, asleep, revivedFrom, armed, commit } = this
    return {
      ...this.service,
      ...(lifecycle === undefined ? {} : { lifecycle }),
      ...(failure === undefined ? {} : { failure }),
      ...(asleep ? { asleep } : {}),
      ...(revivedFrom === undefined ? {} : { revivedFrom }),
      holds: this.holders.map((hold) => ({ hold: hold.name, by: hold.by, ...this.askerOf(hold) })),
      actors: this.#actorsShown(hide, short),
      timers: this.rest?.timers ?? [...this.timers.values()],
      // This goes on to change.
      inbox: [...this.inbox],
      outbox: this.rest?.outbox ?? [...this.outbox.values()],
      ...(armed === undefined ? {} : { armed }),
      ...(commit === undefined ? {} : { commit }),
    }
  }

  #actorsShown(hide: Hide, short: boolean): readonly ActorState[] {
    if (this.rest !== undefined) {
      const { actors } = this.rest
      if (!short) return actors
      // What is shown already, and less of it.
      return actors.map((one) => ({
        ...one,
        snapshot: shown(one.snapshot, 'snapshot', HIDE_NOTHING, SHORT_LIMITS),
      }))
    }
    const limits = short ? SHORT_LIMITS : undefined
    return [...this.actors.values()].map(({ path, logic, chart, snapshot }) => ({
      actor: path,
      logic,
      ...(chart === undefined ? {} : { chart }),
      snapshot: snapshotShown(snapshot, hide, limits),
    }))
  }
}
