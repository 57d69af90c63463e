import { type Command, InvalidArgumentError, Option } from 'commander'
import { isOrigin, isWebSocketUrl } from '../runtime/addresses.js'
import type { InspectCommandOptions } from './commands/inspect.js'
import type { Common, Perform } from './perform.js'

const INSPECT_HELP = `
It reads the store beside its owner, or at rest. What happens live it shows of a process that records it: run with
\`tardigrade run MODULE --inspect\`, or made with createSupervisor({ inspect: true }).

The server listens on 127.0.0.1 alone. Whoever has the address with its token may see everything that the services hold.

Applications that use @statelyai/inspect or @xstate/inspect are shown as well, when they send to it: see docs/inspecting.md.

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
    .addOption(
      new Option(
        '--counterexample <what>',
        'show what verify has found, step by step: a token, with the module that it is of, or a file of `record`',
      )
        // It is shown whole, and there is nobody to ask for anything.
        .conflicts(['control', 'redact', 'allowOrigin', 'connect']),
    )
    .option('--export <name>', 'which of the module’s services the token is of')
    .option('--redact <name>', 'hide what stands under this name; may be given again', collect, [])
    .option(
      '--allow-origin <origin>',
      'let an application of this origin show itself; may be given again',
      origins,
      [],
    )
    .option(
      '--connect <url>',
      'show an application with XState 4 that listens there; may be given again',
      urls,
      [],
    )
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

/** Collects origins of web pages. */
function origins(text: string, others: readonly string[]): readonly string[] {
  if (isOrigin(text)) return [...others, text]
  throw new InvalidArgumentError('Give an origin without a path, such as http://localhost:5173.')
}

/** Collects URLs of WebSockets. */
function urls(text: string, others: readonly string[]): readonly string[] {
  if (isWebSocketUrl(text)) return [...others, text]
  throw new InvalidArgumentError('Give the URL of a WebSocket, such as ws://localhost:8888.')
}

function collect(name: string, names: readonly string[]): readonly string[] {
  return [...names, name]
}
