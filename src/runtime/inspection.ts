import type { Inspector, Observe } from '../ports/inspector.js'
import type { StoreClaim } from '../ports/store.js'
import type { Supervisor } from './supervisor.js'
import type { SupervisorOptions } from './supervisor-options.js'

/** Looks on at the services of one supervisor. */
export interface Inspection {
  readonly inspect: Inspector
  readonly observe: Observe | undefined
  /** Where a person looks, once it has begun; undefined where there is no server. */
  readonly address: string | undefined
  /** The supervisor is there, and none of its services yet. */
  begin(supervisor: Supervisor, claim: StoreClaim): Promise<void>
  /** Writes what waits and ends the server. Never rejects. */
  close(): Promise<void>
}

/**
 * Makes ready what the option `inspect` asks for, before the store is claimed. Gives what opens it.
 * @throws {InvalidOptionError} an option of it is unknown or is not what it must be
 */
export async function readyInspection(options: SupervisorOptions): Promise<() => Inspection | undefined> {
  const { inspect } = options
  if (inspect === undefined || inspect === false) return () => undefined
  if (typeof inspect === 'function') {
    const nothing = async () => {}
    return () => ({ inspect, observe: undefined, address: undefined, begin: nothing, close: nothing })
  }
  // Node's part of the package, which no bundle for another platform must hold.
  const { inspectionHere } = await import('#inspection')
  return inspectionHere(inspect === true ? {} : inspect, options)
}
