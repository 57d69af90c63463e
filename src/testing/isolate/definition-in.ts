import { fileURLToPath } from 'node:url'
import { findService } from '../../cli/find-service.js'
import { importModule } from '../../cli/module.js'
import { defineService, type ServiceDefinition } from '../../service/definition.js'
import { isMachine } from '../../service/walk.js'

/**
 * The service that a module exports, or a machine as one.
 * @throws {ModuleNotFoundError | TypeScriptModuleError | NoServiceError | ModuleFailedError}
 */
export async function definitionIn(module: string, name: string | undefined): Promise<ServiceDefinition> {
  const exports = await importModule(module)
  const machine = exports[name ?? 'default']
  if (typeof machine === 'object' && machine !== null && isMachine(machine)) {
    return defineService({ id: machine.id, version: 1, machine }) as ServiceDefinition
  }
  return findService(module, exports, name).chosen
}

/** As `import` takes it from the working folder. */
export function pathOf(module: string | URL): string {
  return module instanceof URL || module.startsWith('file:') ? fileURLToPath(module) : module
}
