import type { HostSink } from '../../ports/host.js'
import { held } from '../held.js'
import { listen } from './listen.js'

/** Whether the browser knows of a network; that there is one does not say that it leads anywhere. */
export function watchNetwork(sink: HostSink): () => void {
  const hold = held(sink, 'offline')
  const look = () => hold(navigator.onLine === false)
  look()
  return listen(globalThis, { online: look, offline: look })
}
