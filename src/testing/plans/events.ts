import type { Arbitrary } from 'fast-check'
import type { AnyStateMachine, EventObject } from 'xstate'
import { UnverifiableError } from '../../errors/testing.js'
import { allNodes, isMachine } from '../../service/walk.js'
import { logicsOf } from '../logics.js'

/** An event to send, or fast-check's arbitrary of some. */
export type EventSource = EventObject | Arbitrary<EventObject>

/** Whether the source is an arbitrary. */
export function isArbitrary(source: EventSource): source is Arbitrary<EventObject> {
  return 'generate' in source
}

/**
 * What is sent: what the author says, or the events that the machine names, those of its earlier version too, without data.
 * Where there are none, time alone passes.
 * @param told types of the events with which the kit tells what has interrupted: nobody sends them without their data
 * @throws {UnverifiableError} the author says nothing, and of what the machine takes and waits for nothing is known
 */
export function eventsFor(
  service: string,
  machines: readonly AnyStateMachine[],
  given: readonly EventSource[] | undefined,
  told: readonly (string | undefined)[] = [],
): readonly EventSource[] {
  if (given !== undefined) return given
  const all = patternsOf(machines)
  const patterns = all.filter((pattern) => !told.includes(pattern))
  // Patterns are nobody's to send.
  const types = patterns.filter((pattern) => !pattern.includes('*'))
  if (types.length > 0 || (patterns.length === 0 && (all.length > 0 || machines.some(goesOn))))
    return types.map((type) => ({ type }))
  throw new UnverifiableError('The machine', 'it names no event', 'Give some: events: [{ type: … }].', {
    service,
  })
}

/** Types of the events that machines take in some state, and patterns such as `*`. */
export function patternsOf(machines: readonly AnyStateMachine[]): readonly string[] {
  // `ownEvents` would leave out those that a state takes and does nothing with.
  const all = machines.flatMap(allNodes).flatMap((node) => [...node.transitions.keys()])
  // The events of XState's own are nobody's to send.
  return [...new Set(all)].filter((type) => !type.startsWith('xstate.'))
}

/** Whether it goes on by itself: by a delay, or by what it has invoked. */
function goesOn(machine: AnyStateMachine): boolean {
  return allNodes(machine).some(({ after, invoke }) => after.length > 0 || invoke.length > 0)
}

/** A delay that is longer than so many of the shortest would take a plan too long to pass, where that one comes again and again. */
const MOST_IN_ONE = 10_000

/** The delays that a machine and those inside it say in numbers and that a plan can let pass in one step, in milliseconds. */
export function passableDelaysOf(machine: AnyStateMachine): readonly number[] {
  const all = [...new Set(delaysOf(machine))].sort((a, b) => a - b)
  // One of nothing says nothing of how long others take.
  const shortest = all.find((ms) => ms > 0) ?? 0
  return all.filter((ms) => ms <= MOST_IN_ONE * shortest)
}

function delaysOf(machine: AnyStateMachine): readonly number[] {
  const { delays } = machine.implementations
  const own = allNodes(machine).flatMap((node) =>
    node.after.map(({ delay }) => (typeof delay === 'string' ? delays[delay] : delay)),
  )
  const inside = logicsOf(machine).flatMap(([, logic]) => (isMachine(logic) ? delaysOf(logic) : []))
  return [...own, ...inside].flatMap((delay) =>
    typeof delay === 'number' && Number.isFinite(delay) ? [delay] : [],
  )
}
