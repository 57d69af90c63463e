import { TardigradeError } from '../../errors/base.js'
import { UnsoundError, UsageError } from '../../errors/cli.js'
import type { CheckpointSummary, StoreReader } from '../../ports/store.js'
import { readCheckpoint } from '../../runtime/read.js'
import type { ServiceDefinition } from '../../service/definition.js'
import { createTreeCodec } from '../../xstate/codec.js'
import { EXIT } from '../exit-codes.js'
import { findService } from '../find-service.js'
import { printable } from '../format.js'
import { importModule } from '../module.js'
import { type Output, toJson } from '../output.js'
import { progressBar } from '../progress.js'
import { summaries, withReader } from '../store.js'

export interface MigrateOptions {
  readonly store: string
  readonly check?: boolean
  readonly export?: string
}

/** What would become of one record. */
type Verdict = 'current' | 'migrates' | TardigradeError

/**
 * `tardigrade migrate --check MODULE`: tries the definition on every record of its service, changing nothing.
 * @throws {UnsoundError} some would fail, and were printed
 */
export async function migrate(output: Output, module: string, options: MigrateOptions): Promise<number> {
  if (options.check !== true) {
    throw new UsageError(
      'Migrations run by themselves when a service starts.',
      'Try them first with --check.',
    )
  }
  const { chosen } = findService(module, await importModule(module), options.export)
  return withReader(options.store, async (reader) => {
    const own: CheckpointSummary[] = []
    for await (const summary of summaries(reader)) if (summary.service === chosen.id) own.push(summary)
    const verdicts = await judgeAll(output, reader, chosen, own)
    const failed = [...verdicts].flatMap(([key, verdict]) =>
      typeof verdict === 'string' ? [] : [{ key, verdict }],
    )
    const count = (wanted: Verdict) => [...verdicts.values()].filter((verdict) => verdict === wanted).length
    const counts = { checked: verdicts.size, current: count('current'), migrates: count('migrates') }
    if (output.json) {
      const { id: service, version } = chosen
      const errors = failed.map(({ key, verdict: { code, message } }) => ({ key, code, message }))
      output.out(toJson({ service, version, ...counts, failed: errors }))
    } else print(output, chosen, counts, failed)
    if (failed.length > 0) throw new UnsoundError('Some records would fail.', 'Mend the migrations.')
    return EXIT.done
  })
}

async function judgeAll(
  output: Output,
  reader: StoreReader,
  definition: ServiceDefinition,
  own: readonly CheckpointSummary[],
): Promise<ReadonlyMap<string, Verdict>> {
  const codec = createTreeCodec(definition)
  const verdicts = new Map<string, Verdict>()
  const bar = progressBar(output, 'Trying', own.length)
  try {
    for (const { key } of own) {
      const stored = await reader.load(key)
      // Gone since it was listed.
      if (stored === undefined) continue
      try {
        readCheckpoint(stored.text, definition, key, codec)
        verdicts.set(key, stored.version === definition.version ? 'current' : 'migrates')
      } catch (error) {
        if (!(error instanceof TardigradeError)) throw error
        verdicts.set(key, error)
      }
      bar.step()
    }
  } finally {
    bar.stop()
  }
  return verdicts
}

function print(
  output: Output,
  { id, version }: ServiceDefinition,
  {
    checked,
    current,
    migrates,
  }: { readonly checked: number; readonly current: number; readonly migrates: number },
  failed: readonly { readonly key: string; readonly verdict: TardigradeError }[],
): void {
  const { green, red, yellow } = output.colors
  output.out(`${checked} ${checked === 1 ? 'record' : 'records'} of ${id}, tried with version ${version}:`)
  output.out(`  ${green(String(current))} current`)
  output.out(`  ${yellow(String(migrates))} would migrate`)
  output.out(`  ${failed.length > 0 ? red(String(failed.length)) : '0'} would fail`)
  for (const { key, verdict } of failed) output.out(`\n${red(printable(key))} ${printable(verdict.message)}`)
}
