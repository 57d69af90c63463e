import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import { endOf, type Hunted } from './fate.js'
import { hunt } from './hunt.js'
import { mutants } from './mutants.js'
import { endRuns } from './try.js'

function jobsOf(text: string): number {
  const jobs = Number(text)
  if (!Number.isInteger(jobs) || jobs < 1) throw new InvalidArgumentError('A whole number from 1 on.')
  return jobs
}

async function main(): Promise<number> {
  const command = new Command('run')
    .description('Plants mistakes in copies of the core, one by one, and proves that the tests find each.')
    .option('--only <name...>', 'these mutants alone')
    .option('--jobs <n>', 'how many at once', jobsOf, 2)
    .parse()
  const { only, jobs } = command.opts<{ only?: string[]; jobs: number }>()
  const chosen = mutants.filter(({ name }) => only?.includes(name) ?? true)
  const unknown = only?.filter((name) => mutants.every((mutant) => mutant.name !== name)) ?? []
  if (unknown.length > 0) {
    console.error(`There is no mutant named ${unknown.join(', ')}; see test/mutants/list.`)
    return 1
  }
  console.log(`${chosen.length} mutants, ${jobs} at once; first their tests without any.`)
  const root = fileURLToPath(new URL('../../../', import.meta.url))
  const hunted = await hunt(chosen, { root, jobs, tell: (one) => console.log(lineOf(one)) })
  const { line, exitCode } = endOf(hunted, chosen.length)
  console.log(`\n${line}`)
  return exitCode
}

function lineOf({ mutant, fate, why }: Hunted): string {
  const line = `${fate.padEnd(9)} ${mutant.name.padEnd(42)} ${mutant.killedBy.file}`
  return fate === 'killed' ? line : `${line}\n          ${why}: ${mutant.killedBy.test}`
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    // Each hunt ends with its runs, and takes its copies away.
    endRuns()
    process.exitCode = 1
    process.once(signal, () => process.exit(1))
  })
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
