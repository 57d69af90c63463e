import { exitCodeOf } from './exit-codes.js'
import { tellFailure } from './failure.js'
import type { OutputOf } from './output.js'
import { createProgram } from './program.js'

/** Carries a command line out, without the program's own name. Resolves with the exit code, whatever happens; it ends no process. */
export async function carryOut(
  version: string,
  args: readonly string[],
  outputOf: OutputOf,
): Promise<number> {
  let exitCode = 0
  try {
    const exit = (code: number) => {
      exitCode = code
    }
    await createProgram(version, exit, outputOf).parseAsync(args, { from: 'user' })
  } catch (error) {
    // Commander may not have come as far as to read the options.
    tellFailure(outputOf(args.includes('--json')), error)
    exitCode = exitCodeOf(error)
  }
  return exitCode
}
