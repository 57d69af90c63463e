import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { UsageError } from '../../errors/cli.js'
import { ForeignTokenError } from '../../errors/testing.js'
import { serveTrace } from '../../inspect/server/recorded.js'
import { findServices } from '../../modules/find-service.js'
import { importModule } from '../../modules/import-module.js'
import { record, type Trace } from '../../testing/index.js'
import { machinesAsServices } from '../../testing/machines-as-services.js'
import { ownOf } from '../../testing/own-options.js'
import { EXIT } from '../exit-codes.js'
import { type Output, toJson } from '../output.js'
import { asked } from '../until-asked.js'
import { verifyOptionsOf } from './verify.js'

/** How every token begins, of whatever version. */
const TOKEN = /^tardigrade-plan-\d+\./

export interface CounterexampleOptions {
  readonly port?: number
  readonly export?: string
}

/**
 * `tardigrade inspect --counterexample`: shows what `verify` has found, step by step, in a page on loopback, until Ctrl+C or SIGTERM.
 *
 * @param what a token, or a file with what `record` gives
 * @param module where the service of a token is
 * @throws {UsageError} there is no such file, it is no trace, or a token came without its module
 * @throws {PortInUseError} the port is taken; and every error of the module
 */
export async function showCounterexample(
  output: Output,
  what: string,
  module: string | undefined,
  options: CounterexampleOptions,
): Promise<number> {
  const isToken = TOKEN.test(what)
  const trace = isToken ? JSON.stringify(await recorded(what, module, options.export)) : await traceIn(what)
  const server = await serveTrace(trace, isToken ? 'counterexample.json' : basename(what), options.port)
  if (output.json) output.out(toJson({ address: server.address }))
  else {
    output.out(`Open ${server.address}`)
    output.out(output.colors.dim('The page shows each step, the service and its twin. Ctrl+C ends it.'))
  }
  try {
    await asked()
  } finally {
    await server.close()
  }
  return EXIT.done
}

/** Of the module's services the one that the token is of, tried with the options that the module exports as `verify`. */
async function recorded(token: string, module: string | undefined, name: string | undefined): Promise<Trace> {
  if (module === undefined) {
    throw new UsageError(
      'A token does not hold the service that it is of.',
      'Name its module: tardigrade inspect --counterexample TOKEN ./orders.mjs',
    )
  }
  const exports = machinesAsServices(await importModule(module), name)
  const all = findServices(module, exports, undefined)
  const { isolate: _, ...given } = verifyOptionsOf(module, exports)
  let foreign: unknown
  for (const service of findServices(module, exports, name)) {
    try {
      return await record(service, token, await ownOf(given, service, all))
    } catch (error) {
      if (!(error instanceof ForeignTokenError)) throw error
      foreign = error
    }
  }
  throw foreign
}

async function traceIn(file: string): Promise<string> {
  const remedy =
    'Give a token that verify has printed, with its module, or a file that holds what `record` gives.'
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new UsageError(`The file ${file} cannot be read.`, remedy, { cause })
  })
  if (/^\s*\{\s*"tardigradeTrace"/.test(text)) return text
  throw new UsageError(`The file ${file} is no trace.`, remedy)
}
