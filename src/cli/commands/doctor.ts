import { problemOf, TardigradeError } from '../../errors/base.js'
import { UnsoundError } from '../../errors/cli.js'
import type { CheckpointSummary, StoreReader } from '../../ports/store.js'
import { advice } from '../advice.js'
import { examineFolder } from '../examine-folder.js'
import { examineLog } from '../examine-log.js'
import { examineQuarantine, examineService, isUnusable } from '../examine-service.js'
import { examineStanding } from '../examine-standing.js'
import { EXIT } from '../exit-codes.js'
import type { Finding } from '../finding.js'
import { printable } from '../format.js'
import { type Output, toJson } from '../output.js'
import { type OwnerStatus, ownerSentence, ownerStatus } from '../owner.js'
import { ownerSays } from '../owner-says.js'
import { progressBar } from '../progress.js'
import { remedyOf } from '../remedies.js'
import { goneIn, olderIn, summaries, withReader } from '../store.js'

/** What no store can know by itself. */
const BEYOND =
  'Whether a definition of today can go on with its records, `tardigrade migrate --check MODULE` tells.'

/**
 * `tardigrade doctor`: reads all of a store without changing it, and says of each finding what to do.
 * @throws {UnsoundError} something needs attention, and was printed
 */
export function doctor(output: Output, { store }: { readonly store: string }): Promise<number> {
  return withReader(store, async (reader, place) => {
    const { folder } = place
    const owner = await ownerStatus(reader, folder)
    const services: CheckpointSummary[] = []
    for await (const summary of summaries(reader)) services.push(summary)
    const { findings: ofServices, unusable } = await examineAll(output, reader, services)
    const usable = services.filter(({ key }) => !unusable.has(key))
    const found = [
      ...examineFolder(folder, owner),
      ...examineLog(place),
      ...(await outdated(reader, folder)),
      ...ofServices,
      ...examineQuarantine(await reader.quarantined(), unusable),
      ...examineStanding(usable, owner, (await ownerSays(folder, owner, usable)).unbegun),
    ]
    const findings = found.map((finding) => ({ ...finding, remedy: advice(output, finding.remedy) }))
    if (output.json) output.out(toJson({ store: folder, owner, checked: services.length, findings }))
    else {
      print(output, folder, owner, services.length, findings)
      if (services.length > 0) output.out(output.colors.dim(advice(output, `\n${BEYOND}`)))
    }
    if (findings.some(({ level }) => level === 'attention')) {
      throw new UnsoundError('Something in the store needs attention.', 'Do what the findings say.')
    }
    return EXIT.done
  })
}

/** What was found amiss with the services, and the keys of those that nothing goes on from. */
interface Examined {
  readonly findings: Finding[]
  readonly unusable: ReadonlySet<string>
}

async function examineAll(
  output: Output,
  reader: StoreReader,
  services: readonly CheckpointSummary[],
): Promise<Examined> {
  const findings: Finding[] = []
  const unusable = new Set<string>()
  const bar = progressBar(output, 'Checking', services.length)
  try {
    for (const { key } of services) {
      findings.push(...(await examineKey(reader, key, unusable)))
      bar.step()
    }
  } finally {
    bar.stop()
  }
  return { findings, unusable }
}

async function examineKey(reader: StoreReader, key: string, unusable: Set<string>): Promise<Finding[]> {
  try {
    // Both are read again, since an owner may have gone on meanwhile.
    const kept = await reader.history(key)
    if (isUnusable(kept)) unusable.add(key)
    return examineService(kept)
  } catch (error) {
    if (!(error instanceof TardigradeError)) throw error
    unusable.add(key)
    return [{ level: 'attention', code: error.code, key, problem: problemOf(error), remedy: remedyOf(error) }]
  }
}

/** Whether it holds all that its processes have recorded. */
async function outdated(reader: StoreReader, folder: string): Promise<Finding[]> {
  try {
    const error = (await goneIn(reader, folder)) ?? (await olderIn(reader, folder))
    if (error === undefined) return []
    return [{ level: 'attention', code: error.code, problem: problemOf(error), remedy: error.remedy }]
  } catch {
    // What cannot be read is a finding of its own.
    return []
  }
}

function print(
  output: Output,
  folder: string,
  owner: OwnerStatus,
  checked: number,
  findings: readonly Finding[],
): void {
  const { green, yellow, red, dim, bold } = output.colors
  output.out(`${checked} ${checked === 1 ? 'service' : 'services'} checked in ${folder}.`)
  output.out(ownerSentence(owner))
  for (const { level, code, key, problem, remedy } of findings) {
    const mark = level === 'attention' ? red('attention') : yellow('note')
    output.out(`\n${mark} ${bold(code)}${key === undefined ? '' : ` ${printable(key)}`}`)
    output.out(`  ${printable(problem)}`)
    output.out(`  ${dim('→')} ${printable(remedy)}`)
  }
  if (findings.length === 0) output.out(green('Everything is sound.'))
}
