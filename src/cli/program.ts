import { Command, type CommanderError, Option } from 'commander'
import { UsageError } from '../errors/cli.js'
import { addAsking } from './asking.js'
import type { RunOptions } from './commands/run.js'
import { EXIT_CODES_HELP } from './exit-codes.js'
import { addInspecting, port } from './inspecting.js'
import type { OutputOf } from './output.js'
import { type Common, performing } from './perform.js'
import { addProving } from './proving.js'
import { addReading } from './reading.js'

const MORE_HELP = '\nExit codes: see tardigrade --help.'

const RUN_HELP = `
Ctrl+C and SIGTERM bring the service to rest; the same command goes on, after kill -9 too.

Example:
  tardigrade run ./lamp.mjs --key hall --input '{"room":"hall"}'`

/**
 * The `tardigrade` command line. Nothing in it exits: it throws commander's errors and the commands' own.
 *
 * @param exit takes the exit code of the command that ran
 * @param outputOf makes where it writes
 */
export function createProgram(version: string, exit: (code: number) => void, outputOf: OutputOf): Command {
  const perform = performing(exit, outputOf)
  const help = outputOf(false)
  const program = new Command('tardigrade')
    .description(
      'Background services that go on after any interruption: run them, look at them, talk to them.',
    )
    .version(version)
    .exitOverride(refuse)
    .configureOutput({
      outputError: () => {},
      writeOut: (text) => help.out(text.replace(/\n$/, '')),
      writeErr: (text) => help.err(text.replace(/\n$/, '')),
    })
    .configureHelp({ showGlobalOptions: true })
    .addOption(
      new Option('--store <folder>', 'folder of the store; run makes it')
        .env('TARDIGRADE_STORE')
        .default('.tardigrade'),
    )
    .option('--json', 'write JSON, for programs; errors too, to stderr')
    .option('--no-color', 'no colours; NO_COLOR does the same')
    .addHelpText('after', EXIT_CODES_HELP)
    .addHelpText('afterAll', ({ command }) => (command.parent === null ? '' : MORE_HELP))

  program
    .command('run <module>')
    .description(
      'start a service, or go on with the stored one, until it ends; its module exports what defineService returns',
    )
    .option('--key <key>', 'key of the service; the id of its definition by default')
    .option('--input <json>', 'input of a first start')
    .option('--export <name>', 'which of the module’s services')
    .option('--retry', 'if it has failed, go on from its last checkpoint')
    .option(
      '--last-good',
      'if it has failed, set its newest checkpoint aside and go on from the one before, without the event of its inbox that it failed at',
    )
    .option('--inspect [port]', 'show it live in a page on this machine', port)
    .option('--control', 'let that page send events, pause, resume, retry, stop and crash')
    .addHelpText('after', RUN_HELP)
    .action((module: string, _, command: Command) =>
      perform(command, async (output, options: Common & RunOptions) =>
        (await import('./commands/run.js')).run(output, module, options),
      ),
    )
  addReading(program, perform)
  addAsking(program, perform)
  addInspecting(program, perform)
  addProving(program, perform)
  for (const command of program.commands) command.exitOverride((error) => refuse(error, command.name()))
  return program
}

/** Help and the version end with commander's own error; what is wrong with the arguments with ours. */
function refuse(error: CommanderError, command?: string): never {
  // Without a command, commander has written its help, and says nothing more.
  if (error.exitCode === 0 || error.code === 'commander.help') throw error
  const problem = error.message.replace(/^error: /, '').replace(/(?<=[^.?)])$/, '.')
  const help = `\`tardigrade ${command === undefined ? '' : `${command} `}--help\``
  throw new UsageError(problem, `See ${help}.`, { cause: error })
}
