import type { Supervisor } from '../runtime/supervisor.js'

type Makes = () => Supervisor | Promise<Supervisor>

/**
 * A supervisor, the promise that `createSupervisor` gives, or a function that makes one: it is called when a component first asks for a
 * service, which happens in no server, and again when one asks after that supervisor was closed.
 */
export type SupervisorSource = Supervisor | Promise<Supervisor> | Makes

interface Made {
  readonly making: Promise<Supervisor>
  /** What it came to. One that was closed already then is none to make another in the place of: it would be the same for ever. */
  supervisor?: Supervisor
}

const made = new WeakMap<Makes, Made>()

/**
 * The supervisor that `useService` has of what it is given, made now if it was not yet: for what is done outside of components. What a
 * function could not make is made anew for who asks later, and so is one that was closed, when it is.
 *
 * @example
 * ```ts
 * const { safe } = await (await supervisorOf(supervisor)).close()
 * ```
 */
export function supervisorOf(source: SupervisorSource): Promise<Supervisor> {
  if (typeof source !== 'function') return Promise.resolve(source)
  const known = made.get(source)
  if (known && !known.supervisor?.closing) return known.making
  // Once it has given the store back. Whoever closes it hears what kept it from that.
  const over = Promise.resolve(known?.supervisor?.closing).catch(() => {})
  const next: Made = { making: over.then(() => source()) }
  made.set(source, next)
  next.making.then(
    (supervisor) => {
      if (!supervisor.closing) next.supervisor = supervisor
    },
    () => made.delete(source),
  )
  return next.making
}
