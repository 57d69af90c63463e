import type { EventObject } from 'xstate'
import type { Effect } from './effects.js'
import {
  type InternalActor,
  type InternalLogic,
  type InternalScope,
  type InternalSnapshot,
  RUNNING,
  STOP_EVENT,
} from './internals.js'
import { madeBy } from './made-by.js'
import { startWork } from './starting.js'

/** Where the wrapped logic puts its effects. */
export interface OutsideGate {
  hold(effect: Effect): void
  drop(actor: InternalActor, kinds: readonly Effect['kind'][]): void
}

/** Whether events to this logic run the author's code at once. */
const isCallback = (logic: InternalLogic): boolean => madeBy(logic) === 'fromCallback'

/** Whether XState keeps a subscription in its snapshots. */
const isObservable = (logic: InternalLogic): boolean =>
  madeBy(logic) === 'fromObservable' || madeBy(logic) === 'fromEventObservable'

/** The snapshot of an observable. */
interface Subscribed extends InternalSnapshot {
  _subscription?: { unsubscribe(): void } | undefined
}

const stopped = (snapshot: InternalSnapshot): InternalSnapshot => ({
  ...snapshot,
  status: 'stopped',
  input: undefined,
})

const outside = new WeakMap<InternalActor, OutsideLogic>()

/** The wrapped logic of an actor that works outside. */
export function outsideOf(actor: InternalActor): OutsideLogic | undefined {
  return outside.get(actor)
}

/**
 * Holds back what reaches outside in a promise, a callback, an observable or a task: its start, the events
 * that a callback listens to, and a callback's end.
 */
export class OutsideLogic implements InternalLogic {
  #started = false
  /** Kept beside the snapshots, which parents are shown and checkpoints hold. */
  #subscription: Subscribed['_subscription']

  constructor(
    private readonly logic: InternalLogic,
    private readonly actor: InternalActor,
    private readonly gate: OutsideGate,
  ) {
    outside.set(actor, this)
  }

  /** Inspectors read the author's logic here. */
  get config(): unknown {
    return this.logic.config
  }

  readonly getInitialSnapshot = (scope: InternalScope, input: unknown): InternalSnapshot =>
    this.logic.getInitialSnapshot(scope, input)

  readonly start = (): void => {
    this.#hold('start', { type: 'xstate.init' }, () => {
      if (this.actor._processingStatus !== RUNNING || this.actor.getSnapshot().status !== 'active') return
      this.#started = true
      startWork(this.actor._actorScope, (scope) => this.#begin(this.actor.getSnapshot(), scope))
    })
  }

  readonly transition = (
    snapshot: InternalSnapshot,
    event: EventObject,
    scope: InternalScope,
  ): InternalSnapshot => {
    if (event.type === STOP_EVENT) return this.#stop(snapshot, event, scope)
    if (!isCallback(this.logic)) return this.logic.transition(snapshot, event, scope)
    this.#hold('deliver', event, () => this.deliver(event))
    return snapshot
  }

  readonly getPersistedSnapshot = (snapshot: InternalSnapshot) => this.logic.getPersistedSnapshot(snapshot)

  readonly restoreSnapshot = (snapshot: unknown, scope: InternalScope): InternalSnapshot =>
    // A logic without restoreSnapshot takes its persisted snapshot as it is, as XState does.
    this.logic.restoreSnapshot?.(snapshot, scope) ?? (snapshot as InternalSnapshot)

  /** Gives an event to a running callback. */
  deliver(event: EventObject): void {
    if (!this.#started) return
    this.logic.transition(this.actor.getSnapshot(), event, this.actor._actorScope)
  }

  /** Ends the work that runs, and leaves the actor's snapshot as it is. */
  end(): void {
    if (!this.#started) return
    this.#started = false
    this.#cutOff(this.actor.getSnapshot(), { type: STOP_EVENT }, this.actor._actorScope)
  }

  #begin(snapshot: Subscribed, scope: InternalScope): void {
    this.logic.start?.(snapshot, scope)
    if (!isObservable(this.logic)) return
    this.#subscription = snapshot._subscription
    snapshot._subscription = undefined
  }

  #cutOff(snapshot: InternalSnapshot, event: EventObject, scope: InternalScope): InternalSnapshot {
    if (!isObservable(this.logic)) return this.logic.transition(snapshot, event, scope)
    // Who threw instead of subscribing has none.
    if (this.#subscription === undefined) return stopped(snapshot)
    const subscribed: Subscribed = { ...snapshot, _subscription: this.#subscription }
    this.#subscription = undefined
    return this.logic.transition(subscribed, event, scope)
  }

  #stop(snapshot: InternalSnapshot, event: EventObject, scope: InternalScope): InternalSnapshot {
    if (!this.#started) {
      this.gate.drop(this.actor, ['start', 'deliver'])
      return stopped(snapshot)
    }
    if (!isCallback(this.logic)) return this.#cutOff(snapshot, event, scope)
    // What was sent to it before its end comes first.
    this.#hold('dispose', event, () => {
      // The end of the tree may have come before, or may come later: a cleanup happens once.
      if (!this.#started) return
      this.#started = false
      this.logic.transition(snapshot, event, scope)
    })
    return stopped(snapshot)
  }

  #hold(kind: Effect['kind'], event: EventObject, run: () => unknown): void {
    this.gate.hold({ kind, actor: this.actor, type: event.type, event, key: undefined, run })
  }
}
