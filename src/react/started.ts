import type { AnyStateMachine } from 'xstate'
import { isStopping } from '../runtime/endings.js'
import type { Service } from '../runtime/service.js'
import type { Supervisor } from '../runtime/supervisor.js'
import type { ServiceDefinition } from '../service/definition.js'
import { type SupervisorSource, supervisorOf } from './source.js'

interface Started {
  readonly starting: Promise<Service>
  /** The service, but one that had come to its own end before: that is started for nobody again, who would wait without end. */
  alive?: Service
  /** Where a function made it, which makes another when this one was closed: nothing of a closed one goes on. */
  by?: Supervisor
}

/** What was started for components: React asks again and again while it waits, and must find the same promise. */
const started = new WeakMap<SupervisorSource, Map<string, Started>>()

/** Of each source, the names of what could not be started. */
const failed = new WeakMap<SupervisorSource, Set<string>>()

const nameOf = (definition: Pick<ServiceDefinition, 'id'>, key: string) => `${definition.id}\0${key}`

export const isOver = ({ lifecycle }: Service) => lifecycle.getSnapshot().status === 'done'

/** Whether it was stopped, as by a removal, or is about to be. */
export const wasStopped = (service: Service) =>
  service.getSnapshot().value === 'stopped' || isStopping(service)

/** The service under a key, started once for all who ask, and again for who asks when it has ended since, is being stopped, or its supervisor closed. */
export function startedOnce(
  source: SupervisorSource,
  definition: ServiceDefinition<AnyStateMachine>,
  key: string,
  input: unknown,
): Promise<Service> {
  const own = started.get(source) ?? new Map<string, Started>()
  started.set(source, own)
  const name = nameOf(definition, key)
  const known = own.get(name)
  const left = known?.alive !== undefined && (isOver(known.alive) || wasStopped(known.alive))
  if (known !== undefined && !left && !known.by?.closing) return known.starting
  const starting = supervisorOf(source)
    .then((supervisor) => {
      // One that came closed is none to ask for another in the place of: it would be the same for ever.
      if (typeof source === 'function' && !supervisor.closing) begun.by = supervisor
      return supervisor.start(definition, { key, input })
    })
    .then((service) => {
      if (service.getSnapshot().value !== 'done') begun.alive = service
      return service
    })
  const begun: Started = { starting }
  own.set(name, begun)
  starting.catch(() => failed.set(source, (failed.get(source) ?? new Set()).add(name)))
  return starting
}

/**
 * Forgets what could not be started, so that components that ask for it anew start it again; until then they have the same error.
 * To be called where an error boundary is asked to try again.
 *
 * @param supervisor what `useService` was given. A function is called again where it made no supervisor; the promise of one stays rejected
 *
 * @example
 * ```tsx
 * <ErrorBoundary onReset={() => forgetFailedStarts(supervisor)} fallbackRender={…}>
 * ```
 */
export function forgetFailedStarts(supervisor: SupervisorSource): void {
  for (const name of failed.get(supervisor) ?? []) started.get(supervisor)?.delete(name)
  failed.delete(supervisor)
}

/** Forgets a service that has come to its end: whoever comes later starts it again, or hears anew what became of it. */
export function forgetEnded(source: SupervisorSource, service: Service): void {
  const own = started.get(source)
  const name = nameOf(service.definition, service.key)
  const { alive = service } = own?.get(name) ?? {}
  // Another may have begun in its place.
  if (alive === service && isOver(service)) own?.delete(name)
}
