import { PortInUseError } from '../../errors/inspect.js'
import { missing } from './driver.js'

/** The package's server, in a thread of its own. */
export interface ServerThread {
  /** The page that shows Stately's inspector. */
  readonly address: string
  readonly url: string
  end(): Promise<void>
}

const CODE = `
const { parentPort, workerData: { module, options } } = require('node:worker_threads')
import(module).then(({ createInspectorServer }) => {
  createInspectorServer(options)
  // By then it listens, or it has thrown.
  setImmediate(() => parentPort.postMessage('listening'))
})`

/**
 * Runs the package's server in a thread, where it does no harm: by itself it ends the process when its port is taken, and
 * keeps it alive for as long as a page is open.
 *
 * @throws {PortInUseError} somebody listens on the port already
 * @throws {MissingDriverError} the package is not installed, or this is no Node
 */
export async function serveStately(options: {
  readonly port: number
  readonly url: string
  readonly autoOpen: boolean
}): Promise<ServerThread> {
  // Not imported, so that bundlers for browsers find nothing that they do not have.
  const threads = globalThis.process?.getBuiltinModule?.('node:worker_threads')
  const modules = globalThis.process?.getBuiltinModule?.('node:module')
  const urls = globalThis.process?.getBuiltinModule?.('node:url')
  if (threads === undefined || modules === undefined || urls === undefined) {
    throw missing(new Error('The server needs Node.'))
  }
  const module = urls.pathToFileURL(resolved(modules.createRequire)).href
  const worker = new threads.Worker(CODE, { eval: true, workerData: { module, options } })
  worker.unref()
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.once('error', (cause: Error & { readonly code?: string }) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new PortInUseError(options.port, remedyOf(options.port), { cause })
          : cause,
      )
    })
  })
  // What befalls it from now on ends its thread alone: the line tells that it is gone.
  worker.on('error', () => {})
  const host = `localhost:${options.port}`
  const end = async () => void (await worker.terminate())
  return { address: `http://${host}`, url: `ws://${host}`, end }
}

function remedyOf(port: number): string {
  return `Choose another port; where another process runs Stately’s server there, send to it: { way: 'websocket', url: 'ws://localhost:${port}' }.`
}

function resolved(createRequire: (from: string) => { resolve(id: string): string }): string {
  try {
    return createRequire(import.meta.url).resolve('@statelyai/inspect/server')
  } catch (cause) {
    throw missing(cause)
  }
}
