import { type AnyStateNode, matchesState } from 'xstate'
import { UnknownStateError } from '../errors/inspect.js'
import type { Asker } from '../ports/inspector.js'
import { conductorOf, type Service } from '../runtime/service.js'

/** The end of this process here and now, without a word to anybody: as by kill -9. */
export function crash(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('The process goes on after SIGKILL.')
}

/** What each service waits for of which somebody has asked for it: a state, and how that is ended. */
const armed = new WeakMap<Service, { readonly state: string; end(): void }>()

/**
 * Crashes when the service's machine next enters a state, such as `loading` or `loading.first`, and comes to rest in it; where it is in
 * it now, when it comes back. Another state takes the place of an earlier one, and undefined takes it back. Whoever inspects is told of it.
 *
 * @throws {UnknownStateError} its machine has no such state; what was awaited still is
 * @returns the state in whose place it is, or that is taken back; undefined where none was awaited
 */
export function crashIn(service: Service, state: string | undefined, by: Asker): string | undefined {
  const { definition, key } = service
  if (state !== undefined && !hasState(definition.machine.root, state))
    throw new UnknownStateError(state, { service: definition.id, key })
  const earlier = armed.get(service)
  earlier?.end()
  armed.delete(service)
  if (state !== undefined || earlier !== undefined)
    conductorOf(service).options.observe?.({ type: 'armed', state, by })
  if (state !== undefined) armed.set(service, { state, end: awaitState(service, state) })
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
