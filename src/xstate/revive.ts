import { Actor, type AnyActorLogic, type AnyStateMachine, createActor, fromTransition } from 'xstate'
import type { ActorRecord } from '../checkpoint/record.js'
import { allNodes, isMachine } from '../service/walk.js'
import { ActorReference } from './codec.js'
import {
  type InternalActor,
  type InternalLogic,
  type InternalMachineSnapshot,
  type InternalScope,
  type InternalSnapshot,
  internalActor,
  isMachineSnapshot,
  publicActor,
} from './internals.js'
import { actorAt } from './paths.js'

/** The logic itself, but restoring from our records: no walk over the user's data, no guess. */
export function restoringLogic(logic: InternalLogic): InternalLogic {
  const restoreSnapshot = isMachine(logic)
    ? (record: unknown, scope: InternalScope) => restoreMachine(logic, record as ActorRecord, scope)
    : (record: unknown, scope: InternalScope) => {
        // Only `reviveActor` and `restoreMachine` pass a snapshot here, and they pass records.
        const { snapshot } = record as ActorRecord
        return logic.restoreSnapshot?.(snapshot, scope) ?? (snapshot as InternalSnapshot)
      }
  // The machine's own nodes and methods stay the very same: only this one is put before them.
  return Object.create(logic, { restoreSnapshot: { value: restoreSnapshot } }) as InternalLogic
}

function restoreMachine(
  machine: AnyStateMachine,
  record: ActorRecord,
  scope: InternalScope,
): InternalSnapshot {
  const children: Record<string, InternalActor> = {}
  for (const child of record.children ?? []) {
    // `checkFit` has found it there.
    const logic = machine.implementations.actors[child.src] as AnyActorLogic
    children[child.id] = internalActor(
      createActor(logic, {
        id: child.id,
        src: child.src,
        parent: publicActor(scope.self),
        syncSnapshot: child.syncSnapshot ?? false,
        systemId: child.systemId,
        snapshot: child,
        // `parent`, `src` and `syncSnapshot` are options that XState keeps to itself.
      } as unknown as { id: string }),
    )
  }
  const { status, value, context, output, error, historyValue, nodes } = record.snapshot
  // `resolveState` makes a fresh snapshot object each time, which is ours to complete.
  const snapshot = machine.resolveState({
    status: status as 'active',
    value: value as string,
    context,
    output,
    error,
    historyValue: historyNodes(machine, historyValue as Record<string, readonly string[]> | undefined),
  }) as unknown as InternalMachineSnapshot
  snapshot.children = children
  if (Array.isArray(nodes)) orderNodes(snapshot, value, nodes as readonly string[])
  return snapshot
}

function historyNodes(machine: AnyStateMachine, ids: Record<string, readonly string[]> | undefined): never {
  const entries = Object.entries(ids ?? {})
  const byId = new Map(entries.length === 0 ? [] : allNodes(machine).map((node) => [node.id, node]))
  const revived = entries.map(([id, list]) => [id, list.map((nodeId) => byId.get(nodeId))])
  // XState types it by the machine's own states, which are not known here.
  return Object.fromEntries(revived) as never
}

/** The order of active states decides which region acts first, so it is part of the state. */
function orderNodes(snapshot: InternalMachineSnapshot, value: unknown, ids: readonly string[]): void {
  type Node = InternalMachineSnapshot['_nodes'][number]
  const byId = new Map(snapshot._nodes.map((node) => [node.id, node]))
  // `checkFit` has found each of them among the active ones.
  const ordered = ids.map((id) => byId.get(id) as Node)
  snapshot._nodes = ordered
  snapshot.value = value
  snapshot.tags = new Set(ordered.flatMap(({ tags }) => tags))
}

const inert = fromTransition(() => undefined, undefined)

/** An actor that has ended: it takes no events, and still shows its last snapshot. */
function endedActor(root: InternalActor, id: string, snapshot: unknown): InternalActor {
  const ended = internalActor(
    createActor(inert, { id, parent: publicActor(root) } as unknown as { id: string }),
  )
  ended._snapshot = { status: 'stopped', ...(snapshot as object) }
  ended._stop()
  return ended
}

/** Puts live actors in the place of references, inside plain data, Maps and Sets; in place. */
export class ReferenceResolver {
  readonly #seen = new Set<object>()
  readonly #ended = new Map<ActorReference, InternalActor>()

  constructor(
    private readonly root: InternalActor,
    private readonly decodeEnded: (text: string) => unknown,
  ) {}

  /** What should stand in the place of the value. */
  resolve(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof ActorReference) return this.#actor(value)
    if (value instanceof Actor) return value
    if (this.#seen.has(value)) return value
    this.#seen.add(value)
    if (value instanceof Map) this.#resolveMap(value)
    else if (value instanceof Set) this.#resolveSet(value)
    else if (!ArrayBuffer.isView(value)) this.#resolveFields(value)
    return value
  }

  /** Every reference in the data of the tree's actors. */
  resolveTree(actor: InternalActor = this.root): void {
    const snapshot = actor.getSnapshot()
    for (const field of ['context', 'input', 'output', 'error'] as const) {
      const value = snapshot[field]
      const resolved = this.resolve(value)
      // A snapshot made by revival is ours to complete.
      if (resolved !== value) (snapshot as Record<string, unknown>)[field] = resolved
    }
    if (!isMachineSnapshot(snapshot)) {
      this.#resolveFields(snapshot)
      return
    }
    // Revival puts nothing but actors there.
    for (const child of Object.values(snapshot.children) as InternalActor[]) this.resolveTree(child)
  }

  #actor(reference: ActorReference): InternalActor {
    const { path, ended } = reference
    if (ended === undefined) {
      const actor = actorAt(this.root, path)
      if (actor !== undefined) return actor
    }
    let actor = this.#ended.get(reference)
    if (actor === undefined) {
      const snapshot = ended === undefined || ended.snapshot === '' ? {} : this.decodeEnded(ended.snapshot)
      // The root, whose path is empty, is always there.
      actor = endedActor(this.root, ended?.id ?? (path.at(-1) as string), snapshot)
      this.#ended.set(reference, actor)
    }
    return actor
  }

  #resolveMap(map: Map<unknown, unknown>): void {
    const entries = [...map]
    map.clear()
    for (const [key, value] of entries) map.set(this.resolve(key), this.resolve(value))
  }

  #resolveSet(set: Set<unknown>): void {
    const values = [...set]
    set.clear()
    for (const value of values) set.add(this.resolve(value))
  }

  #resolveFields(value: object): void {
    const fields = value as Record<string, unknown>
    // An error has these where no listing shows them.
    const hidden =
      value instanceof Error ? ['cause', 'errors'].filter((name) => Object.hasOwn(value, name)) : []
    for (const key of [...Object.keys(fields), ...hidden]) {
      const resolved = this.resolve(fields[key])
      if (resolved !== fields[key]) fields[key] = resolved
    }
  }
}
