import type { AnyActorRef, AnyMachineSnapshot, Snapshot } from 'xstate'
import { failedFirst } from '../../errors/failed-first.js'
import { conductorOf, type Service } from '../../runtime/service.js'
import type { DoneStep } from '../../task/snapshot.js'
import { atomicOrder } from '../../xstate/internals.js'
import { pathOf } from '../../xstate/paths.js'
import type { DoneByOracle } from './outside.js'
import { Plain } from './plain.js'

/** What can be seen of an actor, as plain data: Dates, Maps, actors and such as texts and lists. */
export interface ActorSeen {
  status: string
  /** Of machines. */
  value?: unknown
  order?: readonly string[]
  history?: Record<string, unknown>
  context?: unknown
  output?: unknown
  error?: unknown
  /** Of tasks: what is done of them. */
  steps?: unknown
  progress?: unknown
  /** Of machines: each with its id. */
  children?: [string, ActorSeen][]
}

/** A timer that waits. */
export interface TimerSeen {
  from: readonly string[]
  to: readonly string[]
  id: string
  event: unknown
  /** Milliseconds since 1970. */
  dueAtMs: number
}

/** What can be seen of a service between two steps, as plain data that nobody else holds. */
export interface Observation {
  lifecycle: string
  /** What it failed with. */
  failure?: string
  machine: ActorSeen
  timers: TimerSeen[]
  /** Events that wait, each with its key. */
  inbox: unknown[]
  /** What was done outside, and emitted. */
  effects: DoneByOracle
  /** What must never be, in words. */
  broken: readonly string[]
  /** The author's invariants that do not hold. */
  invariants?: readonly string[]
}

/** What can be seen of a machine. */
export function machineSeen(snapshot: AnyMachineSnapshot): ActorSeen {
  // Identity is compared within an actor: those of one machine share the literal context of its config, until it changes.
  const plain = new Plain()
  const { status, value, context, output, error, historyValue } = snapshot
  const history: Record<string, unknown> = {}
  for (const [id, nodes] of Object.entries(historyValue)) history[id] = nodes?.map((node) => node.id)
  const seen: ActorSeen = {
    status,
    value,
    // Only among atomic states can their order be seen: it says which region acts first.
    order: atomicOrder(snapshot),
    history,
    context: plain.of(context),
  }
  if (output !== undefined) seen.output = plain.of(output)
  if (error !== undefined) seen.error = plain.of(error)
  seen.children = Object.entries(snapshot.children).map(([id, child]) => [id, actorSeen(child)])
  return seen
}

function actorSeen(actor: unknown): ActorSeen {
  // XState's children are such, and their snapshots have a status; those of machines alone name one.
  const snapshot = (actor as AnyActorRef).getSnapshot() as Snapshot<unknown>
  if ('machine' in snapshot) return machineSeen(snapshot as AnyMachineSnapshot)
  const plain = new Plain()
  const { status, output, error } = snapshot
  // Of an observable that has shown nothing yet there is none, or an undefined one.
  const shown = 'context' in snapshot ? snapshot.context : undefined
  const context = shown === undefined ? {} : { context: plain.of(shown) }
  const task =
    'steps' in snapshot
      ? {
          // They may run beside one another: in which order they came is nobody's promise.
          steps: plain.of(sortedByName(snapshot.steps)),
          progress: plain.of('progress' in snapshot ? snapshot.progress : undefined),
        }
      : {}
  return { status, output: plain.of(output), error: plain.of(error), ...context, ...task }
}

/** No two have the same name. What is no list of steps stays as it is. */
function sortedByName(steps: unknown): unknown {
  const isStep = (step: unknown): step is DoneStep =>
    typeof step === 'object' && step !== null && 'name' in step && 'output' in step
  return Array.isArray(steps) && steps.every(isStep)
    ? steps.toSorted(({ name }, { name: other }) => (name < other ? -1 : 1))
    : steps
}

/** What can be seen of the service itself. */
export type ServiceSeen = Pick<Observation, 'lifecycle' | 'failure' | 'machine' | 'timers' | 'inbox'>

/** The machine's snapshot; undefined: it could not be brought back, and has none. */
export function snapshotOf(service: Service): AnyMachineSnapshot | undefined {
  try {
    // A service of any machine has a snapshot of any.
    return service.machine.getSnapshot() as AnyMachineSnapshot
  } catch {
    return undefined
  }
}

/** What can be seen of the service itself, at rest between two steps. */
export function observe(service: Service): ServiceSeen {
  const { value, context } = service.getSnapshot()
  const { tree, intake } = conductorOf(service).engine
  const snapshot = snapshotOf(service)
  const timers = [...(tree?.timers.all() ?? [])]
  const seen: ServiceSeen = {
    lifecycle: value,
    machine: snapshot === undefined ? { status: 'never brought back' } : machineSeen(snapshot),
    timers: timers
      .sort((a, b) => a.dueAtMs - b.dueAtMs)
      .map(({ source, target, id, event, dueAtMs }) => ({
        from: pathOf(source),
        to: pathOf(target),
        // Names that the library gives itself count from what is there.
        id: id.startsWith('tardigrade.unnamed.') ? 'unnamed' : id,
        event: new Plain().of(event),
        dueAtMs,
      })),
    inbox: intake.inbox.entries().map(({ event, key }) => [new Plain().of(event), key]),
  }
  if (context.failure !== undefined) seen.failure = failedFirst(context.failure)
  return seen
}
