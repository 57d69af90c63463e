import { type Command, InvalidArgumentError } from 'commander'
import { parseDuration, parseEvent } from './arguments.js'
import type { RmOptions } from './commands/rm.js'
import type { Common, Perform } from './perform.js'

/** Adds the commands that reach the process that owns the store. */
export function addAsking(program: Command, perform: Perform): void {
  program
    .command('send <key> <event>')
    .description('send an event: the name of its type, or a JSON object')
    .option('--event-key <key>', 'an event with a key that was seen is not applied again')
    .action((key: string, event: string, _, command: Command) => {
      const options = command.optsWithGlobals<Common & { readonly eventKey?: string }>()
      const { eventKey } = options
      return perform(options, async (output) =>
        (await import('./commands/ask.js')).ask(
          output,
          { type: 'send', key, event: parseEvent(event, key), eventKey },
          options,
        ),
      )
    })
  program
    .command('pause <key>')
    .description('set a hold: the service checkpoints and rests, across restarts')
    .option('--hold <name>', 'name of the hold', 'user')
    .option('--deadline <ms>', 'how long its tasks may take to reach a step', duration)
    .action((key: string, _, command: Command) => {
      const options = command.optsWithGlobals<
        Common & { readonly hold: string; readonly deadline?: number }
      >()
      const { hold, deadline: deadlineMs } = options
      return perform(options, async (output) =>
        (await import('./commands/ask.js')).ask(output, { type: 'pause', key, hold, deadlineMs }, options),
      )
    })
  program
    .command('resume <key>')
    .description('release a hold')
    .option('--hold <name>', 'name of the hold', 'user')
    .action((key: string, _, command: Command) => {
      const options = command.optsWithGlobals<Common & { readonly hold: string }>()
      return perform(options, async (output) =>
        (await import('./commands/ask.js')).ask(output, { type: 'resume', key, hold: options.hold }, options),
      )
    })
  program
    .command('retry <key>')
    .description('let a failed service go on from its last checkpoint')
    .option('--last-good', 'set the newest checkpoint aside and go on from the one before')
    .action((key: string, _, command: Command) => {
      const options = command.optsWithGlobals<Common & { readonly lastGood?: boolean }>()
      return perform(options, async (output) =>
        (await import('./commands/ask.js')).ask(
          output,
          { type: 'retry', key, lastGood: options.lastGood },
          options,
        ),
      )
    })
  program
    .command('rm <key>')
    .description('delete a service and all its checkpoints')
    .option('--yes', 'do not ask')
    .action((key: string, _, command: Command) => {
      const options = command.optsWithGlobals<Common & RmOptions>()
      return perform(options, async (output) => (await import('./commands/rm.js')).rm(output, key, options))
    })
}

function duration(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('It is no number of milliseconds.')
  return ms
}
