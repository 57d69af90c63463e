import type { EventObject, InspectionEvent } from 'xstate'
import { isActorId } from '../checkpoint/schema.js'
import { isMachine } from '../service/walk.js'
import { apart } from './apart.js'
import type { Effect, EffectQueue } from './effects.js'
import { executeThrough } from './executor.js'
import {
  type ExecutableAction,
  type InternalActor,
  type InternalScope,
  inspectionEvent,
  RUNNING,
} from './internals.js'
import { OutsideLogic } from './outside.js'
import type { Overwritten } from './overwritten.js'
import { restoringLogic } from './revive.js'
import type { Timers } from './timers.js'
import { uncapturable } from './uncapturable.js'

/** XState's own actions work inside the tree and run at once; `xstate.log` alone reaches outside. */
function staysInside(action: ExecutableAction): boolean {
  return action.type.startsWith('xstate.') && action.type !== 'xstate.log'
}

/** What the gate needs of its tree. */
export interface GateOwner {
  readonly effects: EffectQueue
  readonly timers: Timers
  readonly overwritten: Overwritten
  /** While an earlier life is brought back: actors are restored from records. */
  readonly reviving: boolean
  /** Hears of XState's events; undefined where nobody does. */
  readonly observe: ((event: InspectionEvent) => void) | undefined
  relay(run: () => void, event: EventObject): void
}

/**
 * The gate between an actor tree and the outside: every action, emitted event and start of outside work, of
 * every actor in the tree, goes into the effect queue instead of happening.
 *
 * It takes hold of the system inside the root's first call, before any child exists, and of each actor when
 * XState announces it, before its first snapshot.
 */
export function installGate(root: InternalScope, owner: GateOwner): void {
  const system = root.system
  adopt(root.self, owner)
  const { observe } = owner
  const announce = system._sendInspectionEvent
  // The root was announced before it came here.
  observe?.(inspectionEvent({ type: '@xstate.actor', actorRef: root.self }))
  const hears: typeof announce = (event) => {
    if (event.type === '@xstate.actor') adopt(event.actorRef, owner)
    observe?.(inspectionEvent(event))
    announce(event)
  }
  const relay = system._relay
  const relays: typeof relay = (source, target, event) => {
    owner.relay(() => relay(source, target, event), event)
  }
  // By their names: V8 takes a function that is written right at an assignment to a property for a lasting one, and keeps
  // it, with all that it knows, until a full collection.
  system._sendInspectionEvent = hears
  system._relay = relays
  system.scheduler = owner.timers
}

/**
 * XState keeps children as properties of a plain object: under `__proto__` one would be lost without a word, and
 * a checkpoint with such an id is refused when it is read. Thrown here, inside the transition that spawns, it
 * ends the one who spawns, and nothing of the transition is kept.
 */
function checkId(actor: InternalActor): void {
  if (actor._parent === undefined || isActorId(actor.id)) return
  throw uncapturable(actor, 'its id is empty or reserved', 'Choose another id.')
}

function adopt(actor: InternalActor, owner: GateOwner): void {
  checkId(actor)
  if (!owner.reviving) owner.overwritten.spawned(actor)
  const { logic } = actor
  gateScope(actor, owner)
  if (isMachine(logic)) {
    if (owner.reviving && actor._parent !== undefined) actor.logic = restoringLogic(logic)
    return
  }
  const outside = logic.start === undefined ? logic : new OutsideLogic(logic, actor, owner.effects)
  actor.logic = owner.reviving ? restoringLogic(outside) : outside
}

function gateScope(actor: InternalActor, owner: GateOwner): void {
  const executeInside = actor._actorScope.actionExecutor
  const scope = executeThrough(actor, (action) => {
    if (staysInside(action)) {
      executeInside(action)
      return
    }
    const effect = actionEffect(action, scope)
    // An actor that has not started owes its initial actions only once it does, as in XState.
    if (actor._processingStatus === RUNNING) owner.effects.hold(effect)
    else scope.defer(() => owner.effects.hold(effect))
  })
  // Outside work emits by itself, when it runs; what machines and transition functions emit is decided.
  const decides = isMachine(actor.logic) || actor.logic.start === undefined
  if (!decides) return
  const emit = (event: EventObject) => owner.effects.hold(emitEffect(event, actor))
  scope.emit = emit
}

/** A custom action or a log line as an effect. */
export function actionEffect(
  action: ExecutableAction,
  scope: Pick<InternalScope, 'self' | 'system'>,
): Effect {
  const { type, info, params } = action
  return {
    kind: type === 'xstate.log' ? 'log' : 'action',
    actor: scope.self,
    type,
    params,
    event: info.event,
    context: info.context,
    key: undefined,
    run: () => {
      const announced = { type: '@xstate.action', actorRef: scope.self, action: { type, params } }
      scope.system._sendInspectionEvent(announced)
      return action.exec?.(info, params)
    },
  }
}

/** An emitted event as an effect, for those who listened when it was decided: the actor may end before. */
export function emitEffect(event: EventObject, actor: InternalActor): Effect {
  const { eventListeners } = actor
  const listeners = [...(eventListeners.get(event.type) ?? []), ...(eventListeners.get('*') ?? [])]
  return {
    kind: 'emit',
    actor,
    type: event.type,
    event,
    key: undefined,
    run: () => {
      for (const listener of listeners) apart(() => listener(event))
    },
  }
}
