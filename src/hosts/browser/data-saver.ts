import type { HostSink } from '../../ports/host.js'
import { held } from '../held.js'
import { listen } from './listen.js'

/** As Chromium has it (https://wicg.github.io/savedata/). */
interface Connection extends EventTarget {
  readonly saveData?: boolean
}

/** Whether the user asks for little traffic. */
export function watchDataSaver(sink: HostSink): () => void {
  // Present in Chromium alone.
  const { connection } = navigator as { connection?: Connection }
  if (connection?.saveData === undefined) return () => {}
  const hold = held(sink, 'data-saver')
  const look = () => hold(connection.saveData === true)
  look()
  return listen(connection, { change: look })
}
