import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { pageOf } from './page.js'
import { minutes as forMinutes, type Part, type PartReport, together } from './part.js'
import { LANES } from './parts.js'

/** All parts have had their turn after so many minutes, and begin again with other seeds. */
const LONGEST_ROUND_MINUTES = 10

/** No two rounds share seeds, which count on from the round's. */
const SEEDS_A_ROUND = 10_000_000

function positive(text: string): number {
  const number = Number(text)
  if (!(number > 0)) throw new InvalidArgumentError('A number above 0.')
  return number
}

async function main(): Promise<number> {
  const command = new Command('run')
    .description('Proves the library: kills, faults and hostile data, for as long as one likes.')
    .option('--minutes <n>', 'how long', positive, 10)
    .option('--seed <n>', 'repeats what is chosen by chance', Number, Date.now() % 1_000_000)
    .option('--only <part...>', 'these parts alone')
    .option('--page <file>', 'where the figures are written', 'coverage/DEEP.md')
    .parse()
  const { minutes, seed, only, page } = command.opts<{
    minutes: number
    seed: number
    only?: string[]
    page: string
  }>()
  const lanes = LANES.map((lane) => lane.filter(({ name }) => only?.includes(name) ?? true))
  if (lanes.every((lane) => lane.length === 0)) {
    console.error(
      `There is no such part. Parts: ${LANES.flat()
        .map(({ name }) => name)
        .join('; ')}.`,
    )
    return 2
  }
  console.log(`Seed ${seed}, ${minutes} minutes.`)
  const reports = new Map<string, PartReport>()
  const tell = (part: Part, report: PartReport) => {
    const before = reports.get(part.name)
    reports.set(part.name, together(before === undefined ? [report] : [before, report]))
    const [figure] = report.figures
    console.log(`${part.name.padEnd(34)} ${figure?.reached ?? 0} ${figure?.what ?? ''}`)
    for (const violation of report.violations) console.error(`  VIOLATED: ${violation}`)
    mkdirSync(dirname(page), { recursive: true })
    writeFileSync(page, pageOf({ seed, minutes, node: process.versions.node, reports }))
  }
  const rounds = Math.ceil(minutes / LONGEST_ROUND_MINUTES)
  for (let round = 0; round < rounds; round++) {
    const roundSeed = seed + round * SEEDS_A_ROUND
    await Promise.all(lanes.map((lane) => runLane(lane, minutes / rounds, roundSeed, tell)))
  }
  const violated = [...reports.values()].some(({ violations }) => violations.length > 0)
  console.log(`${violated ? 'VIOLATED.' : 'Nothing was violated.'} The figures are in ${page}.`)
  return violated ? 1 : 0
}

async function runLane(
  lane: readonly Part[],
  length: number,
  seed: number,
  tell: (part: Part, report: PartReport) => void,
): Promise<void> {
  const total = lane.reduce((sum, { weight }) => sum + weight, 0)
  for (const part of lane) tell(part, await part.run(forMinutes((length * part.weight) / total, seed)))
}

process.exitCode = await main()
