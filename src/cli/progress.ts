import { Presets, SingleBar } from 'cli-progress'
import type { Output } from './output.js'

/** Tells how far long work has come. */
export interface ProgressBar {
  step(): void
  stop(): void
}

/** Fewer are done before anybody could read the bar. */
const WORTH_A_BAR = 200

/** A bar on a terminal; nothing where no people look. */
export function progressBar(output: Output, what: string, total: number): ProgressBar {
  if (!output.errIsTerminal || output.json || total < WORTH_A_BAR) return { step() {}, stop() {} }
  const bar = new SingleBar(
    {
      format: `${what} {bar} {value}/{total} {eta_formatted}`,
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
    },
    Presets.shades_classic,
  )
  bar.start(total, 0)
  return { step: () => bar.increment(), stop: () => bar.stop() }
}
