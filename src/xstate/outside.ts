import { type EventObject, fromCallback } from 'xstate'
import type { Effect } from './effects.js'
import {
  type InternalActor,
  type InternalLogic,
  type InternalScope,
  type InternalSnapshot,
  internalLogic,
  RUNNING,
  STOP_EVENT,
} from './internals.js'

/** Where the wrapped logic puts its effects. */
export interface OutsideGate {
  hold(effect: Effect): void
  drop(actor: InternalActor, kinds: readonly Effect['kind'][]): void
}

const callbackTransition = String(internalLogic(fromCallback(() => {})).transition)
const callbacks = new WeakMap<InternalLogic, boolean>()

/**
 * Whether events to this logic run the author's code at once, as those to a callback do. XState marks its
 * logics with nothing, so the one that `fromCallback` makes is known by its text.
 */
function isCallback(logic: InternalLogic): boolean {
  let known = callbacks.get(logic)
  if (known === undefined) {
    known = String(logic.transition) === callbackTransition
    callbacks.set(logic, known)
  }
  return known
}

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

  constructor(
    private readonly logic: InternalLogic,
    private readonly actor: InternalActor,
    private readonly gate: OutsideGate,
  ) {
    outside.set(actor, this)
  }

  /** Inspectors read the author's logic here. */
  get config(): unknown {
    return 'config' in this.logic ? this.logic.config : undefined
  }

  readonly getInitialSnapshot = (scope: InternalScope, input: unknown): InternalSnapshot =>
    this.logic.getInitialSnapshot(scope, input)

  readonly start = (snapshot: InternalSnapshot): void => {
    if (snapshot.status !== 'active') return
    this.#hold('start', { type: 'xstate.init' }, () => {
      if (this.actor._processingStatus !== RUNNING || this.actor.getSnapshot().status !== 'active') return
      this.#started = true
      this.logic.start?.(this.actor.getSnapshot(), this.actor._actorScope)
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
    this.logic.transition(this.actor.getSnapshot(), { type: STOP_EVENT }, this.actor._actorScope)
  }

  #stop(snapshot: InternalSnapshot, event: EventObject, scope: InternalScope): InternalSnapshot {
    const stopped: InternalSnapshot = { ...snapshot, status: 'stopped', input: undefined }
    if (!this.#started) {
      this.gate.drop(this.actor, ['start', 'deliver'])
      return stopped
    }
    if (!isCallback(this.logic)) return this.logic.transition(snapshot, event, scope)
    // What was sent to it before its end comes first.
    this.#hold('dispose', event, () => {
      // The end of the tree may have come before, or may come later: a cleanup happens once.
      if (!this.#started) return
      this.#started = false
      this.logic.transition(snapshot, event, scope)
    })
    return stopped
  }

  #hold(kind: Effect['kind'], event: EventObject, run: () => unknown): void {
    this.gate.hold({ kind, actor: this.actor, type: event.type, event, key: undefined, run })
  }
}
