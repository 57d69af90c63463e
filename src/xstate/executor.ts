import type { Actor, AnyActorLogic } from 'xstate'
import { type ExecutableAction, type InternalActor, type InternalScope, internalActor } from './internals.js'

/**
 * The scope of an actor, whose executor stays the same whatever is assigned to it. In every microstep XState puts a function
 * of its own around it, which collects the actions for who asks what a transition would do; nobody does here. V8 takes a
 * function that is written right at an assignment to a property for a lasting one, and keeps it, with the actions it has
 * collected and the executor it knows, until a full collection: of every actor that has ended there would be all.
 */
class OwnScope implements InternalScope {
  declare readonly self: InternalScope['self']
  declare readonly id: string
  declare readonly sessionId: string
  declare readonly logger: InternalScope['logger']
  declare readonly defer: InternalScope['defer']
  declare readonly system: InternalScope['system']
  declare readonly stopChild: InternalScope['stopChild']
  declare emit: InternalScope['emit']

  constructor(
    scope: InternalScope,
    /** What its actions go through. */
    readonly execute: (action: ExecutableAction) => void,
  ) {
    // All but its executor.
    Object.assign(this, scope)
  }

  get actionExecutor(): (action: ExecutableAction) => void {
    return executeByScope
  }

  set actionExecutor(_: (action: ExecutableAction) => void) {}
}

/** Knows no actor itself: it is what XState's function keeps. */
function executeByScope(action: ExecutableAction): void {
  const { _actorScope } = action.info.self as InternalActor
  // Only such scopes have it as their executor.
  ;(_actorScope as OwnScope).execute(action)
}

/** Has the actions of an actor go through that function; its scope is another from now on. */
export function executeThrough(
  actor: InternalActor,
  execute: (action: ExecutableAction) => void,
): InternalScope {
  const scope = new OwnScope(actor._actorScope, execute)
  actor._actorScope = scope
  return scope
}

/** Leaves the actions of an actor to XState; once the actor has ended, it is collected like any other object. */
export function forgetAtEnd(actor: Actor<AnyActorLogic>): void {
  const internal = internalActor(actor)
  executeThrough(internal, internal._actorScope.actionExecutor)
}
