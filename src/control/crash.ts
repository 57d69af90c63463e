import { type AnyStateNode, matchesState } from 'xstate'
import { UnknownStateError } from '../errors/inspect.js'
import type { Asker } from '../ports/inspector.js'
import { conductorOf, type Service } from '../runtime/service.js'
import type { Supervisor } from '../runtime/supervisor.js'

/** The end of this process here and now, without a word to anybody: as by kill -9. */
export function crash(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('The process goes on after SIGKILL.')
}

/** A kill to come: when the machine of the service of this key enters the state. */
export interface Armed {
  readonly key: string
  readonly state: string
  /** Who has asked for it. */
  readonly by: Asker
}

interface Awaited extends Armed {
  readonly service: Service
  end(): void
}

/** What is awaited of the services of each supervisor, by their keys. */
const armed = new WeakMap<Supervisor, Map<string, Awaited>>()

/** Every kill to come that was asked for of a supervisor's services. */
export function armedIn(supervisor: Supervisor): readonly Armed[] {
  const awaited = [...(armed.get(supervisor)?.values() ?? [])]
  // One that has ended, or was removed, enters no state any more.
  return awaited
    .filter(({ service }) => service.getSnapshot().status === 'active')
    .map(({ key, state, by }) => ({ key, state, by }))
}

/**
 * Crashes when the service's machine next enters a state, such as `loading` or `loading.first`, and comes to rest in it; where it is in
 * it now, when it comes back. Another state takes the place of an earlier one, the same is awaited as it was, and undefined takes it
 * back. Whoever inspects is told of what changes.
 *
 * @throws {UnknownStateError} its machine has no such state; what was awaited still is
 * @returns the state in whose place it is, or that is taken back; undefined where none was awaited
 */
export function crashIn(
  supervisor: Supervisor,
  service: Service,
  state: string | undefined,
  by: Asker,
): string | undefined {
  const { definition, key } = service
  if (state !== undefined && !hasState(definition.machine.root, state))
    throw new UnknownStateError(state, { service: definition.id, key })
  const ofSupervisor = armed.get(supervisor) ?? new Map<string, Awaited>()
  armed.set(supervisor, ofSupervisor)
  const awaited = ofSupervisor.get(key)
  // What was asked for of one that was removed is no more.
  const earlier = awaited?.service === service ? awaited : undefined
  // Who asks twice, before they could hear of the first, means it once.
  if (earlier !== undefined && earlier.state === state && earlier.by === by) return state
  awaited?.end()
  ofSupervisor.delete(key)
  if (state !== undefined || earlier !== undefined)
    conductorOf(service).options.observe?.({ type: 'armed', state, by })
  if (state !== undefined) ofSupervisor.set(key, { key, service, state, by, end: awaitState(service, state) })
  return earlier?.state
}

function awaitState(service: Service, state: string): () => void {
  const isIn = () => matchesState(state, service.machine.getSnapshot().value)
  let wasIn = isIn()
  const subscription = service.machine.subscribe(() => {
    const isInNow = isIn()
    if (isInNow && !wasIn) crash()
    wasIn = isInNow
  })
  return () => subscription.unsubscribe()
}

function hasState(root: AnyStateNode, state: string): boolean {
  let at: AnyStateNode | undefined = root
  for (const name of state.split('.')) {
    at = at !== undefined && Object.hasOwn(at.states, name) ? at.states[name] : undefined
  }
  return at !== undefined
}
