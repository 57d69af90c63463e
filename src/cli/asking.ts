import { type Command, InvalidArgumentError } from 'commander'
import { readJson } from '../checkpoint/json.js'
import { isObject } from '../checkpoint/repeats.js'
import { UsageError } from '../errors/cli.js'
import { LONGEST_NAME } from '../errors/option-checks.js'
import { parseDuration } from './arguments.js'
import type { RmOptions } from './commands/rm.js'
import type { SendOptions } from './commands/send.js'
import { argument } from './format.js'
import type { Common, Perform } from './perform.js'

const SEND_HELP = `
It ends when what came of the event is durable, and says so:
  applied  a transition of the machine took it
  ignored  no transition takes it in this state; nothing changed
  seen     its key was seen before; it was not applied again
  kept     the service rests; it is applied when the service goes on
Where the service fails over it, the exit code is 1.

Examples:
  tardigrade send hall PRESS
  tardigrade send hall '{"type":"DIM","to":40}' --event-key request-17`

interface PauseOptions extends Common {
  readonly hold: string
  readonly deadline?: number
}

/** Adds the commands that reach the process that owns the store. */
export function addAsking(program: Command, perform: Perform): void {
  program
    .command('send <key> <event>')
    .description('send an event: the name of its type, or a JSON object; says what came of it')
    .option('--event-key <key>', 'an event with a key that was seen is not applied again', text(LONGEST_NAME))
    .addHelpText('after', SEND_HELP)
    // They are counted below, where it can be said how to write them as one.
    .allowExcessArguments()
    .action((key: string, event: string, _, command: Command) =>
      perform(command, async (output, options: Common & SendOptions) => {
        refuseExcess(key, event, command.args.slice(2))
        return (await import('./commands/send.js')).send(output, key, event, options)
      }),
    )
  program
    .command('pause <key>')
    .description('set a hold: the service checkpoints and rests, across restarts')
    .option(
      '--hold <name>',
      'name of the hold; offline and the like end with the process',
      text(LONGEST_NAME),
      'user',
    )
    .option('--deadline <ms>', 'how long its tasks may take to reach a step', duration)
    .action((key: string, _, command: Command) =>
      perform(command, async (output, options: PauseOptions) => {
        const { hold, deadline: deadlineMs } = options
        return (await import('./commands/ask.js')).ask(
          output,
          { type: 'pause', key, hold, deadlineMs },
          options,
        )
      }),
    )
  program
    .command('resume <key>')
    .description('release a hold; the service goes on when nothing else holds it')
    .option('--hold <name>', 'name of the hold', text(LONGEST_NAME), 'user')
    .action((key: string, _, command: Command) =>
      perform(command, async (output, options: Common & { readonly hold: string }) =>
        (await import('./commands/ask.js')).ask(output, { type: 'resume', key, hold: options.hold }, options),
      ),
    )
  program
    .command('retry <key>')
    .description('let a failed service go on from its last checkpoint')
    .option(
      '--last-good',
      'set the newest checkpoint aside and go on from the one before, without the event of its inbox that it failed at',
    )
    .action((key: string, _, command: Command) =>
      perform(command, async (output, options: Common & { readonly lastGood?: boolean }) =>
        (await import('./commands/ask.js')).ask(
          output,
          { type: 'retry', key, lastGood: options.lastGood },
          options,
        ),
      ),
    )
  program
    .command('rm <key>')
    .description('delete a service and all its checkpoints')
    .option('--yes', 'do not ask first; needed where nobody can answer')
    .action((key: string, _, command: Command) =>
      perform(command, async (output, options: Common & RmOptions) =>
        (await import('./commands/rm.js')).rm(output, key, options),
      ),
    )
}

/** @throws {UsageError} an event is one text; one of several is shown as one */
function refuseExcess(key: string, type: string, more: readonly string[]): void {
  const [fields] = more
  if (fields === undefined) return
  const example = `tardigrade send ${argument(key)} ${argument(asOne(type, fields))}`
  throw new UsageError(
    `An event is one text, and here are ${more.length + 1}.`,
    `Put its type into it: \`${example}\`. See \`tardigrade send --help\`.`,
  )
}

/** A type and the fields beside it as one event, or an example where they are none. */
function asOne(type: string, fields: string): string {
  try {
    const parsed = readJson(fields)
    if (isObject(parsed) && !Array.isArray(parsed)) return JSON.stringify({ type, ...parsed })
  } catch {
    // It is no JSON.
  }
  return '{"type":"DIM","to":40}'
}

function duration(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('It is no number of milliseconds.')
  return ms
}

/** A text of 1 to so many characters. */
function text(longest: number): (given: string) => string {
  return (given) => {
    if (given.length >= 1 && given.length <= longest) return given
    throw new InvalidArgumentError(`Give 1 to ${longest} characters.`)
  }
}
