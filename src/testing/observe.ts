import type { AnyActorRef, AnyMachineSnapshot, Snapshot } from 'xstate'
import type { Service } from '../runtime/service.js'
import { conductorOf } from '../runtime/service.js'
import { atomicOrder } from '../xstate/internals.js'
import { pathOf } from '../xstate/paths.js'

/** What can be seen of a service between two steps, as plain data. */
export type Observation = Readonly<Record<string, unknown>>

/** Values as data that can be compared: identity of shared objects and actors by number and name. */
class Plain {
  readonly #numbers = new Map<object, number>()

  of(value: unknown): unknown {
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
    if (Object.is(value, -0)) return '-0'
    if (value === undefined) return '(undefined)'
    if (typeof value === 'function' || typeof value === 'symbol') return String(value)
    if (typeof value !== 'object' || value === null) return value
    if ('sessionId' in value && 'send' in value) return `actor ${(value as AnyActorRef).id}`
    const known = this.#numbers.get(value)
    if (known !== undefined) return `the object ${known} again`
    this.#numbers.set(value, this.#numbers.size)
    if (value instanceof Date) return `Date ${value.getTime()}`
    if (value instanceof Error) return [value.name, value.message, this.of({ ...value })]
    if (value instanceof Map)
      return ['Map', ...[...value].map(([key, held]) => [this.of(key), this.of(held)])]
    if (value instanceof Set) return ['Set', ...[...value].map((held) => this.of(held))]
    if (Array.isArray(value)) return value.map((held) => this.of(held))
    const members = Object.entries(value).map(([key, held]) => [key, this.of(held)] as const)
    const { name } =
      (Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null)?.constructor ?? {}
    return Object.fromEntries(
      name === 'Object' || name === undefined ? members : [['class', name], ...members],
    )
  }
}

function machineSeen(snapshot: AnyMachineSnapshot): Observation {
  // Identity is compared within an actor: those of one machine share the literal context of its config, until it changes.
  const plain = new Plain()
  const { status, value, context, output, error, historyValue } = snapshot
  return {
    status,
    value,
    // Only among atomic states can their order be seen: it says which region acts first.
    order: atomicOrder(snapshot),
    history: Object.fromEntries(
      Object.entries(historyValue).map(([id, nodes]) => [id, nodes?.map((node) => node.id)]),
    ),
    context: plain.of(context),
    ...(output === undefined ? {} : { output: plain.of(output) }),
    ...(error === undefined ? {} : { error: plain.of(error) }),
    children: Object.entries(snapshot.children).map(([id, child]) => [id, actorSeen(child)]),
  }
}

function actorSeen(actor: unknown): unknown {
  const snapshot = (actor as AnyActorRef).getSnapshot() as Snapshot<unknown>
  if ('machine' in snapshot) return machineSeen(snapshot as AnyMachineSnapshot)
  const plain = new Plain()
  const { status, output, error } = snapshot
  const context = 'context' in snapshot ? { context: plain.of(snapshot.context) } : {}
  return { status, output: plain.of(output), error: plain.of(error), ...context }
}

/** What can be seen of a service that is at rest between two steps. */
export function observe(service: Service): Observation {
  const { value, context } = service.getSnapshot()
  const failure = context.failure === undefined ? {} : { failure: context.failure.message }
  const { tree, intake } = conductorOf(service).engine
  const timers = [...(tree?.timers.all() ?? [])]
  return {
    lifecycle: value,
    ...failure,
    machine: machineSeen(service.machine.getSnapshot() as AnyMachineSnapshot),
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
}
