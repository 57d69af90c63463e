import { UnsoundError } from '../../errors/cli.js'
import { findService } from '../../modules/find-service.js'
import { importModule } from '../../modules/import-module.js'
import type { ServiceDefinition } from '../../service/definition.js'
import { EXIT } from '../exit-codes.js'
import { printable } from '../format.js'
import { type MigrationReport, migrateAll } from '../migration.js'
import { type Output, toJson } from '../output.js'
import { withClaim, withReader } from '../store.js'

export interface MigrateOptions {
  readonly store: string
  readonly check?: boolean
  readonly export?: string
}

/**
 * `tardigrade migrate MODULE`: brings every record of the module's service to its version, at rest; with
 * `--check` it only tries to.
 * @throws {StoreLockedError} without `--check`: another process owns the store
 * @throws {UnsoundError} some cannot be migrated, and were printed
 */
export async function migrate(output: Output, module: string, options: MigrateOptions): Promise<number> {
  const { chosen } = findService(module, await importModule(module), options.export)
  const dry = options.check === true
  const report = dry
    ? await withReader(options.store, (reader) => migrateAll(output, chosen, reader))
    : await withClaim(output, options.store, (claim) => migrateAll(output, chosen, claim, claim))
  const { current, migrated, failed } = report
  const checked = current + migrated + failed.length
  if (output.json) {
    const { id: service, version } = chosen
    const errors = failed.map(({ key, error: { code, message } }) => ({ key, code, message }))
    const counts = { checked, current, [dry ? 'migrates' : 'migrated']: migrated }
    output.out(toJson({ service, version, ...counts, failed: errors }))
  } else print(output, chosen, dry, checked, report)
  if (failed.length > 0) throw new UnsoundError('Some records cannot be migrated.', 'Mend the migrations.')
  return EXIT.done
}

function print(
  output: Output,
  { id, version }: ServiceDefinition,
  dry: boolean,
  checked: number,
  { current, migrated, failed }: MigrationReport,
): void {
  const { green, red, yellow } = output.colors
  const records = `${checked} ${checked === 1 ? 'record' : 'records'} of ${id}`
  output.out(dry ? `${records}, tried with version ${version}; nothing was changed:` : `${records}:`)
  output.out(`  ${green(String(current))} ${dry ? 'current' : `had version ${version} already`}`)
  output.out(`  ${yellow(String(migrated))} ${dry ? 'would migrate' : `migrated to version ${version}`}`)
  const count = failed.length > 0 ? red(String(failed.length)) : '0'
  output.out(`  ${count} ${dry ? 'would fail' : 'failed, and left as they were'}`)
  for (const { key, error } of failed) output.out(`\n${red(printable(key))} ${printable(error.message)}`)
}
