import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Command, InvalidArgumentError } from 'commander'
import { FULL_MINUTES, verdictOf } from './goals.js'
import type { LaneNews, LaneTask } from './lane.js'
import { pageOf } from './page.js'
import { type PartReport, together } from './part.js'
import { LANES } from './parts.js'

/** No two rounds share seeds, which count on from the round's. */
const SEEDS_A_ROUND = 10_000_000

interface Options {
  readonly minutes: number
  readonly seed: number
  readonly only?: readonly string[]
  readonly page: string
}

function positive(text: string): number {
  const number = Number(text)
  if (!(number > 0)) throw new InvalidArgumentError('A number above 0.')
  return number
}

const NAMES = LANES.flat().map(({ name }) => name)

async function main({ minutes, seed, only = NAMES, page }: Options): Promise<number> {
  const unknown = only.filter((name) => !NAMES.includes(name))
  if (unknown.length > 0) {
    console.error(`There is no part named ${unknown.join(', ')}. Parts: ${NAMES.join('; ')}.`)
    return 2
  }
  console.log(`Seed ${seed}, ${minutes} minutes.`)
  const reports = new Map<string, PartReport>()
  const ran = { minutes, reports, parts: only, isWhole: NAMES.every((name) => only.includes(name)) }
  const tell = (news: LaneNews) => {
    const { part } = news
    if ('cases' in news) return console.log(line(part, news.cases, 'so far'))
    const { report } = news
    const before = reports.get(part)
    reports.set(part, together(before === undefined ? [report] : [before, report]))
    const [figure] = report.figures
    console.log(line(part, figure?.reached ?? 0, figure?.what ?? ''))
    for (const violation of report.violations) console.error(`  VIOLATED: ${violation}`)
    mkdirSync(dirname(page), { recursive: true })
    writeFileSync(page, pageOf({ ...ran, seed, node: process.versions.node }))
  }
  // All parts have had their turn after so many minutes, and begin again with other seeds.
  const rounds = Math.ceil(minutes / FULL_MINUTES)
  for (let round = 0; round < rounds; round++) {
    const shared = { parts: only, minutes: minutes / rounds, seed: seed + round * SEEDS_A_ROUND }
    await Promise.all(LANES.map((_, lane) => runLane({ ...shared, lane }, tell)))
  }
  const { exitCode, lines } = verdictOf(ran)
  for (const line of lines) console.log(line)
  console.log(`The figures are in ${page}.`)
  return exitCode
}

function line(part: string, count: number, what: string): string {
  return `${part.padEnd(34)} ${String(count).padStart(8)}  ${what}`
}

/** Rejects with what the lane throws. */
function runLane(task: LaneTask, tell: (news: LaneNews) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./lane.js', import.meta.url), { workerData: task })
    worker.on('message', tell)
    worker.on('error', reject)
    worker.on('exit', () => resolve())
  })
}

const command = new Command('run')
  .description('Proves the library: kills, faults and hostile data, for as long as one likes.')
  .option('--minutes <n>', 'how long', positive, 10)
  .option('--seed <n>', 'repeats what is chosen by chance', Number, Date.now() % 1_000_000)
  .option('--only <part...>', 'these parts alone')
  .option('--page <file>', 'where the figures are written', 'coverage/DEEP.md')
  .parse()
process.exitCode = await main(command.opts<Options>())
