import { type Command, InvalidArgumentError } from 'commander'
import type { InspectCommandOptions } from './commands/inspect.js'
import type { Common, Perform } from './perform.js'

const INSPECT_HELP = `
It reads the store beside its owner, or at rest. What happens live it shows of a process that records it: run with
\`tardigrade run MODULE --inspect\`, or made with createSupervisor({ inspect: true }).

The server listens on 127.0.0.1 alone. Whoever has the address with its token may see everything that the services hold.

Examples:
  tardigrade inspect
  tardigrade inspect --control --redact password --redact token
  tardigrade inspect --counterexample tardigrade-plan-1.eyJzZX… ./orders.mjs`

/** Adds the command that shows a store in a page. */
export function addInspecting(program: Command, perform: Perform): void {
  program
    .command('inspect [module]')
    .description('show services live and at rest, with their history, in a page on this machine')
    .option('--port <port>', 'port of the page; 4680 or the next free one by default', port)
    .option('--control', 'let the page send events, pause, resume, retry, stop and crash')
    .option(
      '--counterexample <what>',
      'show what verify has found, step by step: a token, with the module that it is of, or a file of `record`',
    )
    .option('--export <name>', 'which of the module’s services the token is of')
    .option('--redact <name>', 'hide what stands under this name; may be given again', collect, [])
    .addHelpText('after', INSPECT_HELP)
    .action((module: string | undefined, _, command: Command) =>
      perform(command, async (output, options: Common & InspectCommandOptions) =>
        (await import('./commands/inspect.js')).inspect(output, options, module),
      ),
    )
}

/** Reads the number of a port. */
export function port(text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number
  throw new InvalidArgumentError('Give a number from 0 to 65535; 0 takes any that is free.')
}

function collect(name: string, names: readonly string[]): readonly string[] {
  return [...names, name]
}
