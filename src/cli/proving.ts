import { type Command, InvalidArgumentError, Option } from 'commander'
import type { VerifyCommandOptions } from './commands/verify.js'
import type { Common, Perform } from './perform.js'

const VERIFY_HELP = `
Named actions are noted instead of run. Actors that work outside need to be told what comes back, in the module:

  export const verify = { actors: { charge: { resolves: 'paid' } } }

These are the options of verifyInterruptions in tardigrade/testing; crashPoints needs its \`sequences\`. No store is touched.

All services that the module exports are tried, one after another, each with the drivers, oracles, events and sequences of what it
names itself. Machines beside services are their parts, and are tried where --export names one; in a module of machines alone each is a service.

Examples:
  tardigrade verify ./orders.mjs --runs 10000
  tardigrade verify ./orders.mjs --mode exhaustive --matrix
  tardigrade verify ./orders.mjs --replay tardigrade-plan-1.eyJzZX…`

/** Adds the command that tries services before anybody relies on them. */
export function addProving(program: Command, perform: Perform): void {
  program
    .command('verify <module>')
    .description('try the services of a module under random interruptions, against twins without any')
    .option('--export <name>', 'which of the module’s services; all by default')
    .option('--runs <n>', 'how many plans; 1000 by default', whole(1))
    .option('--seed <n>', 'the plans of an earlier run', whole(Number.MIN_SAFE_INTEGER))
    .addOption(
      new Option(
        '--mode <mode>',
        'at random; every state, interruption and next event; or every crash point',
      ).choices(['random', 'exhaustive', 'crashPoints']),
    )
    .addOption(
      new Option(
        '--isolate <how>',
        'each life in a process of its own, killed by SIGKILL: slow, 10 plans by default',
      ).choices(['process']),
    )
    .option('--workers <n>', 'threads that share the plans; as many as serve by default', whole(1))
    .option('--depth <n>', 'exhaustive: most steps to a state', whole(1))
    .option('--corpus <folder>', 'keeps what is found, and tries that first')
    .option('--matrix', 'print how often each state was interrupted before each event, in which way')
    .option('--replay <token>', 'only the plan of this token, which a failure prints')
    .addHelpText('after', VERIFY_HELP)
    .action((module: string, _, command: Command) =>
      perform(command, async (output, options: Common & VerifyCommandOptions) =>
        (await import('./commands/verify.js')).verify(output, module, options),
      ),
    )
}

/** Reads a whole number. */
function whole(least: number): (text: string) => number {
  return (text) => {
    const number = text.trim() === '' ? Number.NaN : Number(text)
    if (!Number.isSafeInteger(number) || number < least)
      throw new InvalidArgumentError('It is no whole number that fits.')
    return number
  }
}
