import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after } from '../../platform/timer.js'
import type { Clock } from '../../ports/clock.js'

/** What a Node host asks of its machine: tests give a machine of their own. */
export interface World {
  readonly clock: Pick<Clock, 'now' | 'setTimer' | 'clearTimer'>
  /** Keeps the process alive for so long, and runs this then. */
  stay(run: () => void, forMs: number): void
  readonly env: Readonly<Record<string, string | undefined>>
  readonly pid: number
  /** The text of a file; undefined where it cannot be read. */
  read(path: string): string | undefined
  /** Runs a program to its end. @throws it could not be run, or ended badly */
  run(program: string, args: readonly string[]): Promise<void>
  /** Tells people what they should know, though all goes on. */
  warn(message: string): void
}

export const thisMachine: World = {
  clock: {
    now: () => Date.now(),
    // None of what a host looks at keeps the process alive.
    setTimer: (run, delayMs) => setTimeout(run, delayMs).unref(),
    // `setTimer` above made the handle.
    clearTimer: (handle) => clearTimeout(handle as NodeJS.Timeout),
  },
  stay: (run, forMs) => void after(forMs, run),
  env: process.env,
  pid: process.pid,
  read(path) {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return undefined
    }
  },
  run: (program, args) =>
    new Promise((resolve, reject) => {
      execFile(program, args, (error) => (error === null ? resolve() : reject(error)))
    }),
  warn: (message) => process.emitWarning(message, 'TardigradeWarning'),
}

/** Looks again and again, each time so long after the last look was over; gives what ends that. */
export function every(
  { clock }: Pick<World, 'clock'>,
  periodMs: number,
  look: () => void | Promise<void>,
): () => void {
  let end = () => {}
  let over = false
  const arm = () => {
    if (!over) end = after(periodMs, again, clock)
  }
  const again = () => {
    const looking = look()
    if (looking === undefined) arm()
    else void looking.then(arm)
  }
  arm()
  return () => {
    over = true
    end()
  }
}
