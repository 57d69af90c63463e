import { serveControl } from '../control/serve.js'
import { nodeHost } from '../hosts/node/index.js'
import type { Host } from '../ports/host.js'
import type { InspectOptions } from '../ports/inspector.js'
import type { StoreReader } from '../ports/store.js'
import { createSupervisor } from '../runtime/create-supervisor.js'
import type { Supervisor } from '../runtime/supervisor.js'
import type { ServiceDefinition } from '../service/definition.js'
import { tellWarning } from './note.js'
import type { Output } from './output.js'
import { openStore, placeOf } from './store.js'

/** A supervisor with its store, its host and its control socket, for as long as a command runs. */
export interface Session {
  readonly supervisor: Supervisor
  readonly folder: string
  /** Reads beside the supervisor what is durable. */
  readonly reader: StoreReader
  /** Resolves when the supervisor closes by somebody's request; never when a signal ends the process. */
  readonly closed: Promise<'closed'>
  /** Takes no more requests; resolves when those under way are answered. */
  stopListening(): Promise<void>
  /** Brings everything to rest. After a signal it never resolves: the host ends the process. */
  close(): Promise<void>
}

/**
 * Claims the store and listens for requests.
 * @throws {StoreLockedError} another process owns the store; and the store's other errors
 */
export async function openSession(
  output: Output,
  storeFolder: string,
  definitions: readonly ServiceDefinition[],
  inspect?: InspectOptions,
): Promise<Session> {
  const place = placeOf(storeFolder)
  const store = await openStore(place)
  const reader = await store.read()
  const ending = endings()
  let stopControl = async () => {}
  // While the store is still held, so that a later owner's socket is never touched.
  const leave = () => void Promise.all([stopControl(), reader.close()])
  const supervisor = await createSupervisor({
    store,
    definitions,
    ...(inspect === undefined ? {} : { inspect }),
    host: [ending.signals(() => stopControl()), ending.closing(() => leave())],
    // A failure of the service that runs is told when the command ends.
    onFailed: () => {},
    onWarning: ({ message }) => tellWarning(output, message),
  })
  try {
    stopControl = await serveControl(supervisor, place.folder, { keepAlive: true })
  } catch (error) {
    await supervisor.close()
    throw error
  }
  const close = async () => {
    await supervisor.close()
    await stopControl()
    if (ending.bySignal) await new Promise(() => {})
  }
  return {
    supervisor,
    folder: place.folder,
    reader,
    closed: ending.closed,
    stopListening: () => stopControl(),
    close,
  }
}

/** Tells apart whether the supervisor closes by request or by a signal. */
function endings() {
  let bySignal = false
  let close = (_: 'closed') => {}
  const closed = new Promise<'closed'>((resolve) => {
    close = resolve
  })
  return {
    closed,
    get bySignal() {
      return bySignal
    },
    /** The process as a host, which first lets requests under way be answered. */
    signals:
      (stopControl: () => Promise<void>): Host =>
      (sink) =>
        nodeHost()({
          ...sink,
          shutdown: async (options) => {
            bySignal = true
            await sink.shutdown(options)
            await stopControl()
          },
        }),
    /** Nothing but a cleanup: supervisors call it before they give the store back. */
    closing:
      (leave: () => void): Host =>
      () =>
      () => {
        leave()
        if (!bySignal) close('closed')
      },
  }
}
