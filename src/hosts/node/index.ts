import type { Host } from '../../ports/host.js'
import { nodeHostOn } from './host.js'
import type { NodeHostOptions } from './options.js'
import { thisMachine } from './world.js'

export { gracePeriodMs } from './grace.js'
export type { Notice, NoticesOptions } from './notices.js'
export type { NodeHostOptions } from './options.js'
export type { PreStopOptions } from './pre-stop.js'

/**
 * A Node process as a host: SIGTERM, SIGINT, SIGHUP, the end of all work (`beforeExit`) and uncaught errors
 * bring every service to rest before the process ends. A second SIGINT ends it at once. `low-memory` while a container has little
 * left; `frozen`, for a moment, after the machine slept. systemd, Kubernetes' preStop and the notices of clouds where they are given.
 *
 * After a signal the process exits with 128 plus the signal's number, as shells do; after an uncaught error
 * with 1, its message printed as Node prints it; at the end of all work with 1 while a service is failed, unless `process.exitCode`
 * is set. After preStop, or a notice, everything rests and the store is given back; the process waits for its signal, until a minute
 * beyond the time that it was given. All supervisors of a process that have such a host come to rest before it ends.
 *
 * @throws {InvalidOptionError} an option is unknown, or is not what it must be
 *
 * @example
 * ```ts
 * const supervisor = await createSupervisor({ store: sqliteStore('.tardigrade'), host: nodeHost() })
 * ```
 */
export function nodeHost(options: NodeHostOptions = {}): Host {
  return nodeHostOn(thisMachine, options)
}
