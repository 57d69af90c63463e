import { systemClock } from '../../runtime/clock.js'
import { HIDE_NOTHING } from '../redact.js'
import { Journal } from '../stream/journal.js'
import { serveInspection } from './serve.js'
import { StoredWatch } from './stored-watch.js'
import { makeToken } from './token.js'

/**
 * Shows a recorded trace on loopback, to whoever has the address.
 *
 * @param name what the page calls it, such as `counterexample.json`
 * @throws {PortInUseError} the port is taken
 */
export async function serveTrace(trace: string, name: string, port: number | undefined) {
  const path = `${makeToken()}/${encodeURIComponent(name)}`
  const nothing = { list: async () => [], load: async () => Promise.reject(), history: async () => [] }
  const server = await serveInspection(
    {
      journal: new Journal(0),
      stored: new StoredWatch(nothing, HIDE_NOTHING, () => true, systemClock),
      hello: { pid: process.pid },
      // There is no stream, but for those who know a place in it.
      isToken: () => false,
      arrives: async () => {},
      control: undefined,
      files: new Map([[`/${path}`, trace]]),
    },
    port,
  )
  return {
    address: `http://127.0.0.1:${server.port}/#trace=${encodeURIComponent(path)}`,
    close: () => server.close(),
  }
}
