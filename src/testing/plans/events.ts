import type { Arbitrary } from 'fast-check'
import type { AnyStateMachine, EventObject } from 'xstate'
import { UnverifiableError } from '../../errors/testing.js'
import { allNodes, isMachine } from '../../service/walk.js'

/** An event to send, or fast-check's arbitrary of some. */
export type EventSource = EventObject | Arbitrary<EventObject>

/** Whether the source is an arbitrary. */
export function isArbitrary(source: EventSource): source is Arbitrary<EventObject> {
  return 'generate' in source
}

/**
 * What is sent: what the author says, or the events that the machine names, those of its earlier version too, without data.
 * @throws {UnverifiableError} there is none
 */
export function eventsFor(
  service: string,
  machines: readonly AnyStateMachine[],
  given: readonly EventSource[] | undefined,
): readonly EventSource[] {
  const events = given ?? eventsOf(machines)
  if (events.length > 0) return events
  throw new UnverifiableError('The machine', 'it names no event', 'Give some: events: [{ type: … }].', {
    service,
  })
}

function eventsOf(machines: readonly AnyStateMachine[]): readonly EventObject[] {
  // `ownEvents` would leave out those that a state takes and does nothing with.
  const types = new Set(machines.flatMap(allNodes).flatMap((node) => [...node.transitions.keys()]))
  // The events of XState's own, and patterns, are nobody's to send.
  return [...types]
    .filter((type) => !type.startsWith('xstate.') && !type.includes('*'))
    .map((type) => ({ type }))
}

/** The delays that a machine and those inside it say in numbers, in milliseconds. */
export function delaysOf(machine: AnyStateMachine): readonly number[] {
  const { delays, actors } = machine.implementations
  const own = allNodes(machine).flatMap((node) =>
    node.after.map(({ delay }) => (typeof delay === 'string' ? delays[delay] : delay)),
  )
  const inside = Object.values(actors).flatMap((logic) => {
    const inner: unknown = typeof logic === 'object' && 'src' in logic ? logic.src : logic
    return isMachine(inner) ? delaysOf(inner) : []
  })
  const all = [...own, ...inside].filter((delay) => typeof delay === 'number' && Number.isFinite(delay))
  return [...new Set(all as number[])].sort((a, b) => a - b)
}
