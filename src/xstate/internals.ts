import type {
  AnyActorLogic,
  AnyActorRef,
  AnyMachineSnapshot,
  AnyStateMachine,
  EventObject,
  InspectionEvent,
} from 'xstate'

/**
 * Everything of XState 5.33 that this room relies on and XState does not type publicly. Nothing outside
 * this folder may know any of it.
 */
export interface InternalScope {
  readonly self: InternalActor
  readonly id: string
  readonly sessionId: string
  readonly logger: (...told: unknown[]) => void
  readonly system: InternalSystem
  readonly stopChild: (child: InternalActor) => void
  actionExecutor: (action: ExecutableAction) => void
  emit: (event: EventObject) => void
  defer(run: () => void): void
}

export interface ExecutableAction {
  readonly type: string
  readonly info: {
    readonly context: unknown
    readonly event: EventObject
    readonly self: unknown
    readonly system: unknown
  }
  readonly params: unknown
  readonly exec: ((info: unknown, params: unknown) => unknown) | undefined
}

export interface InternalScheduler {
  schedule(source: InternalActor, target: InternalActor, event: EventObject, delay: number, id?: string): void
  cancel(source: InternalActor, id: string): void
  cancelAll(source: InternalActor): void
}

export interface InternalSystem {
  scheduler: InternalScheduler
  _relay: (source: InternalActor | undefined, target: InternalActor, event: EventObject) => void
  _sendInspectionEvent: (event: { readonly type: string; readonly actorRef: InternalActor }) => void
}

export interface InternalActor {
  readonly id: string
  readonly sessionId: string
  readonly src: unknown
  readonly systemId: string | undefined
  readonly system: InternalSystem
  readonly _parent: InternalActor | undefined
  _actorScope: InternalScope
  readonly _processingStatus: 0 | 1 | 2
  readonly _syncSnapshot: boolean | undefined
  readonly eventListeners: ReadonlyMap<string, ReadonlySet<(event: EventObject) => void>>
  logic: InternalLogic
  _snapshot: InternalSnapshot
  start(): void
  getSnapshot(): InternalSnapshot
  _stop(): void
  _error(error: unknown): void
}

export interface InternalLogic {
  /** Of XState's own logics: what the author wrote. */
  readonly config?: unknown
  readonly getInitialSnapshot: (scope: InternalScope, input: unknown) => InternalSnapshot
  readonly start?: (snapshot: InternalSnapshot, scope: InternalScope) => void
  readonly transition: (
    snapshot: InternalSnapshot,
    event: EventObject,
    scope: InternalScope,
  ) => InternalSnapshot
  readonly getPersistedSnapshot: (snapshot: InternalSnapshot) => Record<string, unknown>
  readonly restoreSnapshot?: (snapshot: unknown, scope: InternalScope) => InternalSnapshot
}

export interface InternalSnapshot {
  readonly status: 'active' | 'done' | 'error' | 'stopped'
  readonly output?: unknown
  readonly error?: unknown
  readonly [field: string]: unknown
}

/** A machine's snapshot, with the parts that revival sets. */
export interface InternalMachineSnapshot extends InternalSnapshot {
  readonly machine: AnyStateMachine
  value: unknown
  context: unknown
  tags: Set<string>
  /** Undefined under the id of one whose logic XState did not find as it was spawned. */
  children: Record<string, InternalActor | undefined>
  _nodes: readonly { readonly id: string; readonly tags: readonly string[] }[]
  readonly historyValue: Record<string, readonly { readonly id: string }[]>
}

export const RUNNING = 1
export const STOP_EVENT = 'xstate.stop'

// XState's public types hide these fields; the objects are the same ones.
export const internalActor = (actor: AnyActorRef) => actor as unknown as InternalActor
/** The snapshot of an actor, where it has one yet: `getSnapshot` throws before, in XState's development build. */
export const snapshotOf = (actor: AnyActorRef): InternalSnapshot | undefined => internalActor(actor)._snapshot
export const publicActor = (actor: InternalActor) => actor as unknown as AnyActorRef
/** An event as XState's inspectors know it, before it is given the id of its root. */
export const inspectionEvent = (event: { readonly type: string; readonly actorRef: InternalActor }) =>
  event as unknown as InspectionEvent
export const internalLogic = (logic: AnyActorLogic) => logic as unknown as InternalLogic
export const publicLogic = (logic: InternalLogic) => logic as unknown as AnyActorLogic
export const publicSnapshot = (snapshot: InternalSnapshot) => snapshot as unknown as AnyMachineSnapshot

export function isMachineSnapshot(snapshot: InternalSnapshot): snapshot is InternalMachineSnapshot {
  return 'machine' in snapshot && '_nodes' in snapshot
}

/** The ids of the active atomic states, in the order in which they act. */
export function atomicOrder(snapshot: AnyMachineSnapshot): readonly string[] {
  return snapshot._nodes.filter(({ type }) => type === 'atomic').map(({ id }) => id)
}
