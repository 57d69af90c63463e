import { matchesState } from 'xstate'
import type { Asker } from '../ports/inspector.js'
import { conductorOf, type Service } from '../runtime/service.js'

/** The end of this process here and now, without a word to anybody: as by kill -9. */
export function crash(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('The process goes on after SIGKILL.')
}

/** What ends the waiting for a state, of each service for which somebody has asked for it. */
const armed = new WeakMap<Service, () => void>()

/**
 * Crashes when the service's machine next enters a state, such as `loading` or `loading.first`, and comes to rest in it; where it is in
 * it now, when it comes back. Another state takes the place of an earlier one, and undefined takes it back. Whoever inspects is told of it.
 */
export function crashIn(service: Service, state: string | undefined, by: Asker): void {
  armed.get(service)?.()
  const wasArmed = armed.delete(service)
  if (state !== undefined || wasArmed) conductorOf(service).options.observe?.({ type: 'armed', state, by })
  if (state === undefined) return
  const isIn = () => matchesState(state, service.machine.getSnapshot().value)
  let wasIn = isIn()
  const subscription = service.machine.subscribe(() => {
    const isInNow = isIn()
    if (isInNow && !wasIn) crash()
    wasIn = isInNow
  })
  armed.set(service, () => subscription.unsubscribe())
}
