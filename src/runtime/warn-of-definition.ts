import type { TardigradeError } from '../errors/base.js'
import { DefinitionWarningsError } from '../errors/definition.js'
import type { ServiceDefinition } from '../service/definition.js'

/** A program may have a supervisor for each of its tests, and reads the same once. */
const told = new WeakSet<ServiceDefinition>()

/** Tells what preflight warns of in a definition, once in a process. */
export function warnOfDefinition(
  definition: ServiceDefinition,
  warn: (warning: TardigradeError) => void,
): void {
  const { id, warnings } = definition
  if (warnings.length === 0 || told.has(definition)) return
  told.add(definition)
  warn(new DefinitionWarningsError(warnings, { service: id }))
}
