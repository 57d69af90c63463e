import { fileURLToPath } from 'node:url'
import { findService, findServices } from '../cli/find-service.js'
import { importModule, type ModuleExports } from '../cli/module.js'
import { UsageError } from '../errors/cli.js'
import { defineService, type ServiceDefinition } from '../service/definition.js'
import { isMachine } from '../service/walk.js'
import { ownOf } from './names.js'
import type { VerifyOptions } from './options.js'
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
  const exports = await importModule(place.module)
  const definition = definitionAt(place, exports)
  if (place.options === undefined) return { definition, options: {} }
  const options = optionsOf(place.module, exports, place.options)
  const machine = exports[place.export ?? 'default']
  const all = machine === definition.machine ? [definition] : findServices(place.module, exports, undefined)
  return { definition, options: ownOf(options, definition, all) }
}

function definitionAt({ module, export: name }: Place, exports: ModuleExports): ServiceDefinition {
  const machine = exports[name ?? 'default']
  if (typeof machine === 'object' && machine !== null && isMachine(machine)) {
    return defineService({ id: machine.id, version: 1, machine }) as ServiceDefinition
  }
  return findService(module, exports, name).chosen
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
