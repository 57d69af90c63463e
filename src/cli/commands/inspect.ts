import { inspectBeside } from '../../inspect/server/beside.js'
import { EXIT } from '../exit-codes.js'
import { type Output, toJson } from '../output.js'
import { ownerSentence, ownerStatus } from '../owner.js'
import { openStore, withReader } from '../store.js'

export interface InspectCommandOptions {
  readonly store: string
  readonly port?: number
  readonly control?: boolean
  readonly redact?: readonly string[]
}

/**
 * `tardigrade inspect`: shows the store and what its processes have recorded, in a page on loopback, until Ctrl+C or SIGTERM.
 * @throws {StoreNotFoundError} there is none
 * @throws {PortInUseError} the port is taken
 */
export function inspect(output: Output, options: InspectCommandOptions): Promise<number> {
  const { port, control = false, redact } = options
  return withReader(options.store, async (reader, place) => {
    const { folder } = place
    const owner = await ownerStatus(reader, folder)
    const store = await openStore(place)
    const server = await inspectBeside({ folder, store, port, control, redact })
    const { address } = server
    if (output.json) output.out(toJson({ store: folder, address, control, owner }))
    else {
      output.out(`Open ${address}`)
      output.out(output.colors.dim(`${ownerSentence(owner)} ${permission(control)}`))
    }
    try {
      await ended()
    } finally {
      await server.close()
    }
    return EXIT.done
  })
}

function permission(control: boolean): string {
  return control
    ? 'The page may send events, pause, stop and crash. Ctrl+C ends it.'
    : 'The page only reads; --control lets it do more. Ctrl+C ends it.'
}

/** Resolves when somebody asks the process to end. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
