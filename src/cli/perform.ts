import type { Output } from './output.js'

/** What every command takes. */
export interface Common {
  readonly store: string
  readonly json?: boolean
}

/** Runs a command's work, which resolves with the exit code. Each is imported when it runs: that halves the start. */
export type Perform = (common: Common, action: (output: Output) => Promise<number>) => Promise<void>
