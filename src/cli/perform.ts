import type { Command } from 'commander'
import { exitCodeOf } from './exit-codes.js'
import { tellFailure } from './failure.js'
import type { Output, OutputOf } from './output.js'
import { pageAdvice } from './page-advice.js'

/** What every command takes. */
export interface Common {
  readonly store: string
  readonly json?: boolean
}

/** Runs a command's work, which resolves with the exit code. Each is imported when it runs: that halves the start. */
export type Perform = <Options extends Common>(
  command: Command,
  action: (output: Output, options: Options) => Promise<number>,
) => Promise<void>

/** Carries commands out: tells what they throw, and gives the exit code on. */
export function performing(exit: (code: number) => void, outputOf: OutputOf): Perform {
  return async (command, action) => {
    // What commander read is what the command declares.
    const options: Parameters<typeof action>[1] = command.optsWithGlobals()
    const named = command.getOptionValueSourceWithGlobals('store') === 'cli'
    const output = outputOf(options.json === true, named ? options.store : undefined)
    try {
      exit(await action(output, options))
    } catch (error) {
      // The page itself says what it shows.
      tellFailure(output, error, command.name() === 'inspect' ? undefined : pageAdvice(error, options.store))
      exit(exitCodeOf(error))
    }
  }
}
