import { DefinitionError } from '../errors/definition.js'
import { definitionsOf } from '../modules/find-service.js'
import type { ModuleExports } from '../modules/import-module.js'
import { defineService, type ServiceDefinition } from '../service/definition.js'
import { isMachine } from '../service/walk.js'

/** A machine that is no service as it is, and why. */
interface Refused {
  readonly service: string
  readonly error: DefinitionError
}

/** So that the same machine is the same service, by whatever name it is exported. */
const services = new WeakMap<object, ServiceDefinition>()

/**
 * What a module exports, with its machines as services: the one asked for, and all where the module exports no service;
 * beside services, machines are their parts. One that `defineService` refuses keeps no other from its turn.
 *
 * @param onRefused hears of each; without it the first is thrown where no other is left
 * @throws {DefinitionError} the one asked for is refused
 */
export function machinesAsServices(
  exports: ModuleExports,
  asked: string | undefined,
  onRefused?: (refused: Refused) => void,
): ModuleExports {
  const alone = definitionsOf(exports).length === 0
  const refused: Refused[] = []
  const all = Object.entries(exports).map(([name, value]) => {
    if (!isMachine(value) || !(alone || name === asked)) return [name, value] as const
    try {
      return [name, serviceOf(value)] as const
    } catch (error) {
      if (!(error instanceof DefinitionError) || name === asked) throw error
      refused.push({ service: value.id, error })
      return [name, value] as const
    }
  })
  const services = Object.fromEntries(all)
  const [first] = refused
  if (onRefused !== undefined) refused.forEach(onRefused)
  else if (first !== undefined && definitionsOf(services).length === 0) throw first.error
  return services
}

function serviceOf(machine: ServiceDefinition['machine']): ServiceDefinition {
  const known = services.get(machine)
  if (known !== undefined) return known
  const service = defineService({ id: machine.id, version: 1, machine })
  services.set(machine, service)
  return service
}
