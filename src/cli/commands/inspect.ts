import { UsageError } from '../../errors/cli.js'
import { inspectBeside } from '../../inspect/server/beside.js'
import { EXIT } from '../exit-codes.js'
import { type Output, toJson } from '../output.js'
import { ownerSentence, ownerStatus } from '../owner.js'
import { openStore, withReader } from '../store.js'
import { asked } from '../until-asked.js'
import { showCounterexample } from './counterexample.js'

export interface InspectCommandOptions {
  readonly store: string
  readonly port?: number
  readonly control?: boolean
  readonly redact?: readonly string[]
  readonly counterexample?: string
  readonly export?: string
  readonly allowOrigin?: readonly string[]
  readonly connect?: readonly string[]
}

/**
 * `tardigrade inspect`: shows the store and what its processes have recorded, in a page on loopback, until Ctrl+C or SIGTERM.
 * @throws {StoreNotFoundError} there is none
 * @throws {PortInUseError} the port is taken
 */
export async function inspect(
  output: Output,
  options: InspectCommandOptions,
  module: string | undefined,
): Promise<number> {
  const { counterexample } = options
  if (counterexample !== undefined) return showCounterexample(output, counterexample, module, options)
  if (module !== undefined) {
    throw new UsageError(
      `The module ${module} says nothing of a store.`,
      'Name the store with --store, or a token of the module with --counterexample.',
    )
  }
  const { port, control = false, redact, allowOrigin: allowOrigins, connect } = options
  return withReader(options.store, async (reader, place) => {
    const { folder } = place
    const owner = await ownerStatus(reader, folder)
    const store = await openStore(place)
    const server = await inspectBeside({ folder, store, port, control, redact, allowOrigins, connect })
    const { address } = server
    if (output.json) output.out(toJson({ store: folder, address, control, owner }))
    else {
      output.out(`Open ${address}`)
      output.out(output.colors.dim(`${ownerSentence(owner)} ${permission(control)}`))
    }
    try {
      await asked()
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
