import type { Supervisor } from '../runtime/supervisor.js'

/** How each supervisor's listeners end. */
const listening = new WeakMap<Supervisor, Set<() => void>>()

/** Has somebody who listens for a supervisor end, when a request has closed it; until the function that it gives is called. */
export function onClosedByRequest(supervisor: Supervisor, end: () => void): () => void {
  const ends = listening.get(supervisor) ?? new Set()
  listening.set(supervisor, ends)
  ends.add(end)
  return () => void ends.delete(end)
}

/** Nobody is left who could be asked, and listening may be all that keeps the process. */
export function endListening(supervisor: Supervisor): void {
  for (const end of listening.get(supervisor) ?? []) end()
}
