import { NoServiceError } from '../errors/cli.js'
import { isDefinition, type ServiceDefinition } from '../service/definition.js'
import type { ModuleExports } from './import-module.js'

/** The service that a command is to use, and those that the module exports. */
export interface FoundServices {
  readonly chosen: ServiceDefinition
  /** One of each id. */
  readonly all: readonly ServiceDefinition[]
}

/**
 * Finds a module's service: the export asked for, else the default export, else the only definition.
 * @throws {NoServiceError} naming what the module does export
 */
export function findService(
  module: string,
  exports: ModuleExports,
  asked: string | undefined,
): FoundServices {
  const services = Object.entries(exports).filter((entry): entry is [string, ServiceDefinition] =>
    isDefinition(entry[1]),
  )
  const all = definitionsOf(exports)
  const byName = (name: string) => services.find(([exported]) => exported === name)?.[1]
  const chosen = asked === undefined ? (byName('default') ?? onlyOne(all)) : byName(asked)
  if (chosen !== undefined) {
    // A module may export a service in several versions: a supervisor takes one of each id.
    const byId = new Map([...all, chosen].map((one) => [one.id, one]))
    return { chosen, all: [...byId.values()] }
  }
  if (asked === undefined && all.length > 1) {
    const names = services.map(([name]) => name).join(', ')
    throw new NoServiceError(module, `exports several services: ${names}`, 'Choose one with --export NAME.')
  }
  const what = asked === undefined ? 'exports no service' : `exports no service named ${asked}`
  throw new NoServiceError(
    module,
    `${what}; it exports ${inventory(exports)}`,
    all.length > 0
      ? 'Choose one of its services with --export NAME.'
      : 'Export what defineService returns, as default or by a name.',
  )
}

/**
 * The export asked for, else every service that the module exports.
 * @throws {NoServiceError} naming what the module does export
 */
export function findServices(
  module: string,
  exports: ModuleExports,
  asked: string | undefined,
): readonly ServiceDefinition[] {
  const all = asked === undefined ? definitionsOf(exports) : []
  return all.length > 0 ? all : [findService(module, exports, asked).chosen]
}

/** The services that a module exports, each once. */
export function definitionsOf(exports: ModuleExports): readonly ServiceDefinition[] {
  return [...new Set(Object.values(exports).filter(isDefinition))]
}

function onlyOne(services: readonly ServiceDefinition[]): ServiceDefinition | undefined {
  return services.length === 1 ? services[0] : undefined
}

function inventory(exports: ModuleExports): string {
  const names = Object.entries(exports).map(([name, value]) => `${name} (${kindOf(value)})`)
  return names.length === 0 ? 'nothing' : names.join(', ')
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (isDefinition(value)) return 'a service'
  if (typeof value === 'object' && 'config' in value && 'transition' in value) return 'a machine'
  return Array.isArray(value) ? 'an array' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
}
