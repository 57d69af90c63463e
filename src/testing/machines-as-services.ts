import { definitionsOf } from '../modules/find-service.js'
import type { ModuleExports } from '../modules/import-module.js'
import { defineService, type ServiceDefinition } from '../service/definition.js'
import { isMachine } from '../service/walk.js'

/** So that the same machine is the same service, by whatever name it is exported. */
const services = new WeakMap<object, ServiceDefinition>()

/**
 * What a module exports, with its machines as services: the one asked for, and all where the module exports no service;
 * beside services, machines are their parts.
 */
export function machinesAsServices(exports: ModuleExports, asked: string | undefined): ModuleExports {
  const alone = definitionsOf(exports).length === 0
  return Object.fromEntries(
    Object.entries(exports).map(([name, value]) => [
      name,
      isMachine(value) && (alone || name === asked) ? serviceOf(value) : value,
    ]),
  )
}

function serviceOf(machine: ServiceDefinition['machine']): ServiceDefinition {
  const known = services.get(machine)
  if (known !== undefined) return known
  const service = defineService({ id: machine.id, version: 1, machine })
  services.set(machine, service)
  return service
}
