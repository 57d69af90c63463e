import type { ActorRecord, OutboxEntry, TimerPolicy, TimerRecord, TreeRecord } from '../checkpoint/record.js'
import { allNodes } from '../service/walk.js'
import type { KeyedEffect } from './effects.js'
import {
  type InternalActor,
  type InternalMachineSnapshot,
  type InternalSnapshot,
  isMachineSnapshot,
} from './internals.js'
import { isInTree, logicPathOf, pathOf } from './paths.js'
import type { Timer, Timers } from './timers.js'
import { uncapturable } from './uncapturable.js'

const parallel = new WeakMap<object, boolean>()

/** Order among the active states matters only where there can be several atomic ones. */
function hasParallelState(snapshot: InternalMachineSnapshot): boolean {
  const { machine } = snapshot
  let known = parallel.get(machine)
  if (known === undefined) {
    known = allNodes(machine).some(({ type }) => type === 'parallel')
    parallel.set(machine, known)
  }
  return known
}

function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const key in fields) if (fields[key] !== undefined) kept[key] = fields[key]
  return kept
}

function historyOf({ historyValue }: InternalMachineSnapshot): Record<string, readonly string[]> | undefined {
  if (Object.keys(historyValue).length === 0) return undefined
  const entries = Object.entries(historyValue)
  return Object.fromEntries(entries.map(([id, nodes]) => [id, nodes.map((node) => node.id)]))
}

/** What is kept of a machine's snapshot; of most nothing but the first three. */
type MachineData = Partial<
  Record<'status' | 'value' | 'context' | 'historyValue' | 'nodes' | 'output' | 'error', unknown>
>

function snapshotData(actor: InternalActor, snapshot: InternalSnapshot): Record<string, unknown> {
  if (!isMachineSnapshot(snapshot)) return defined(actor.logic.getPersistedSnapshot(snapshot))
  const { status, value, context, output, error } = snapshot
  const data: MachineData = { status, value, context }
  const historyValue = historyOf(snapshot)
  if (historyValue !== undefined) data.historyValue = historyValue
  if (hasParallelState(snapshot)) data.nodes = snapshot._nodes.map(({ id }) => id)
  if (output !== undefined) data.output = output
  if (error !== undefined) data.error = error
  return data
}

function checkChild(child: InternalActor): void {
  if (typeof child.src !== 'string') {
    throw uncapturable(
      child,
      'its logic was written in place',
      'Name the logic in setup({ actors }) and spawn it by that name.',
    )
  }
  if (child.id === child.sessionId) {
    throw uncapturable(child, 'it was spawned without an id', 'Spawn it with an id: spawn(src, { id }).')
  }
}

function actorRecord(actor: InternalActor, workKeys: WeakMap<InternalActor, string>): ActorRecord {
  const snapshot = actor.getSnapshot()
  const children: ActorRecord[] = []
  if (isMachineSnapshot(snapshot)) {
    for (const child of Object.values(snapshot.children)) {
      if (child === undefined) continue
      checkChild(child)
      children.push(actorRecord(child, workKeys))
    }
  }
  const workKey = workKeys.get(actor)
  return {
    id: actor.id,
    src: actor._parent === undefined ? '' : String(actor.src),
    ...(actor.systemId === undefined ? {} : { systemId: actor.systemId }),
    ...(actor._syncSnapshot === true ? { syncSnapshot: true } : {}),
    ...(workKey === undefined ? {} : { workKey }),
    snapshot: snapshotData(actor, snapshot),
    ...(children.length === 0 ? {} : { children }),
  }
}

function timerRecord(timer: Timer, nowMs: number, policyOf: (id: string) => TimerPolicy): TimerRecord {
  return {
    source: pathOf(timer.source),
    target: pathOf(timer.target),
    id: timer.id,
    event: timer.event,
    delayMs: timer.delayMs,
    dueAtMs: timer.dueAtMs,
    remainingMs: Math.max(0, timer.dueAtMs - nowMs),
    policy: policyOf(timer.id),
  }
}

function outboxEntry(effect: KeyedEffect): OutboxEntry[] {
  const { kind, actor, type, params, event, context, key } = effect
  if (kind === 'start' || kind === 'dispose') return []
  const ended = !isInTree(actor)
  // An actor that has ended took its connection and its listeners with it: nobody is there to be told again.
  if (ended && (kind === 'deliver' || kind === 'emit')) return []
  const current = actor.getSnapshot()
  const contextChanged = kind === 'action' && !(!ended && current.context === context)
  return [
    {
      key,
      kind,
      actor: pathOf(actor),
      ...(ended ? { logic: logicPathOf(actor) } : {}),
      type,
      event,
      ...(params === undefined ? {} : { params }),
      ...(contextChanged ? { context } : {}),
    },
  ]
}

/**
 * The state of a quiet tree as data. It shares the tree's own objects: encode it before the next turn. Timers of actors that have ended
 * are cancelled, so that the tree has no others than the one that is made of the record.
 */
export function captureTree(tree: {
  readonly root: InternalActor
  readonly timers: Timers
  readonly effects: readonly KeyedEffect[]
  readonly workKeys: WeakMap<InternalActor, string>
  readonly nowMs: number
  readonly policyOf: (id: string) => TimerPolicy
}): TreeRecord {
  tree.timers.cancelEnded(isInTree)
  return {
    root: actorRecord(tree.root, tree.workKeys),
    timers: [...tree.timers.all()].map((timer) => timerRecord(timer, tree.nowMs, tree.policyOf)),
    outbox: tree.effects.flatMap(outboxEntry),
  }
}
