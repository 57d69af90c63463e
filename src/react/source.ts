import type { Supervisor } from '../runtime/supervisor.js'

type Makes = () => Supervisor | Promise<Supervisor>

/**
 * A supervisor, the promise that `createSupervisor` gives, or a function that makes one: it is called when a component first asks for a
 * service, which happens in no server.
 */
export type SupervisorSource = Supervisor | Promise<Supervisor> | Makes

const making = new WeakMap<Makes, Promise<Supervisor>>()

/**
 * The supervisor that `useService` has of what it is given, made now if it was not yet: for what is done outside of components. What a
 * function could not make is made anew for who asks later.
 *
 * @example
 * ```ts
 * const { safe } = await (await supervisorOf(supervisor)).close()
 * ```
 */
export function supervisorOf(source: SupervisorSource): Promise<Supervisor> {
  if (typeof source !== 'function') return Promise.resolve(source)
  const known = making.get(source)
  if (known !== undefined) return known
  const made = Promise.resolve().then(source)
  making.set(source, made)
  made.catch(() => making.delete(source))
  return made
}
