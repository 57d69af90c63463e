import { problemOf } from '../errors/base.js'
import { MissingMigrationError } from '../errors/checkpoint.js'
import { InvalidOptionError } from '../errors/options.js'
import { BrokenMigrationError } from '../errors/testing.js'
import type { ServiceDefinition } from '../service/definition.js'

/**
 * An earlier definition from which no way leads to the present one.
 * @throws {InvalidOptionError} it is of another service, or of no earlier version
 * @throws {BrokenMigrationError} a migration is missing between the two
 */
export function checkEarlier(
  { id, version, migrations }: ServiceDefinition,
  earlier: ServiceDefinition | undefined,
): void {
  if (earlier === undefined) return
  if (earlier.id !== id || earlier.version >= version) {
    throw new InvalidOptionError(
      'earlier',
      `“${earlier.id}”, version ${earlier.version}, and what is verified is “${id}”, version ${version}`,
      `what defineService returns for id: '${id}' and a version before ${version}`,
      { service: id },
    )
  }
  for (let from = earlier.version; from < version; from++) {
    if (migrations[from] !== undefined) continue
    const cause = new MissingMigrationError(from, version, { service: id })
    const nothing = { steps: [], told: [] }
    throw new BrokenMigrationError(earlier.version, version, problemOf(cause), nothing, {
      service: id,
      cause,
    })
  }
}
