import { fileURLToPath } from 'node:url'
import { UsageError } from '../errors/cli.js'
import { definitionsOf, findService } from '../modules/find-service.js'
import { importModule, type ModuleExports } from '../modules/import-module.js'
import type { ServiceDefinition } from '../service/definition.js'
import { machinesAsServices } from './machines-as-services.js'
import type { VerifyOptions } from './options.js'
import { ownOf } from './own-options.js'
import type { ServiceModule } from './subject.js'

/** Where a service is, in words that another thread or process can be given. */
export type Place = ServiceModule & { readonly module: string }

/** What is exported there. */
export interface Exported {
  readonly definition: ServiceDefinition
  /** Of these, those that are for this service. */
  readonly options: VerifyOptions
}

/**
 * The service that a module exports, or a machine as one, and what the module says of how it is verified.
 * @throws {ModuleNotFoundError | TypeScriptModuleError | NoServiceError | ModuleFailedError}
 * @throws {UsageError} its options are no object
 */
export async function exportedAt(place: Place): Promise<Exported> {
  const { module, export: name } = place
  const exports = await importModule(module)
  const services = machinesAsServices(exports, name ?? 'default')
  const definition = findService(module, services, name).chosen
  if (place.options === undefined) return { definition, options: {} }
  const options = optionsOf(module, exports, place.options)
  // A machine beside services is none of those that the options are for.
  const others = definitionsOf(exports)
  const beside = others.length > 0 && !others.includes(definition)
  const all = beside ? [definition] : definitionsOf(services)
  return { definition, options: await ownOf(options, definition, all) }
}

/**
 * What a module says of how its services are verified.
 * @throws {UsageError} it is no object
 */
export function optionsOf(module: string, exports: ModuleExports, name: string): VerifyOptions {
  const given = exports[name]
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given
  throw new UsageError(
    `The export “${name}” of the module ${module} is no object.`,
    `Export the options of verifyInterruptions, as in \`export const ${name} = { actors: { … } }\`.`,
  )
}

/** With the module as `import` takes it from the working folder. */
export function placeOf({ module, ...rest }: ServiceModule): Place {
  const path = module instanceof URL || module.startsWith('file:') ? fileURLToPath(module) : module
  return { ...rest, module: path }
}
