import { realpathSync } from 'node:fs'
import type { Supervisor } from '../runtime/supervisor.js'
import { ControlUnavailableError } from './errors.js'
import { Listener, type ServeControlOptions } from './listener.js'

/** By the folders in which each supervisor listens. */
const listeners = new WeakMap<Supervisor, Map<string, Listener>>()

/**
 * Lets the `tardigrade` command and `callControl` reach this supervisor, over a socket in the store's folder
 * that only this user can open (on Windows a named pipe, which other users can read but not write).
 *
 * Call it in the process that owns the store, after `createSupervisor`: what an earlier owner left behind is
 * removed. The function that it resolves with stops listening at once, and resolves when the requests under
 * way are answered. Call it before or while the supervisor closes; where the process exits or a request `stop`,
 * of this socket or of an inspector's page, closes the supervisor, it is called for you. Called again for the same
 * supervisor and folder, it listens on until the functions of all calls have been called.
 *
 * @param folder the store's folder; where the store has none, any one that is there and of this store alone
 * @throws {ControlUnavailableError} no socket can be made: there is no such folder, or it cannot be written to
 *
 * @example
 * ```ts
 * const supervisor = await createSupervisor({ store: sqliteStore('.tardigrade'), host: nodeHost() })
 * const stopControl = await serveControl(supervisor, '.tardigrade')
 * ```
 */
export async function serveControl(
  supervisor: Supervisor,
  folder: string,
  options: ServeControlOptions = {},
): Promise<() => Promise<void>> {
  const { keepAlive = false, graceMs = 5000 } = options
  const listener = listenerOf(supervisor, realFolder(folder))
  const stop = listener.join({ keepAlive, graceMs })
  try {
    await listener.ready
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

/** The one that is there, as a second socket would take the place of the first one's. */
function listenerOf(supervisor: Supervisor, folder: string): Listener {
  const own = listeners.get(supervisor) ?? new Map<string, Listener>()
  listeners.set(supervisor, own)
  const listener = own.get(folder) ?? new Listener(supervisor, folder, () => own.delete(folder))
  own.set(folder, listener)
  return listener
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder)
  } catch (cause) {
    throw new ControlUnavailableError(folder, { cause })
  }
}
