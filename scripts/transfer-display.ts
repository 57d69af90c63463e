import cliProgress from 'cli-progress'
import pc from 'picocolors'
import type { TransferProgress } from '../machines/transfer/index.js'

/** What is shown of a transfer at any time. */
export interface View extends TransferProgress {
  /** The service's own state, such as `running` or `paused`. */
  readonly lifecycle: string
}

/** Shows how far a transfer is: a bar on a terminal, else a line now and then. */
export interface Display {
  show(view: View): void
  /** Says something in a line of its own. */
  say(line: string): void
  close(): void
}

const PERCENT_PER_LINE = 5

export function createDisplay(): Display {
  return process.stdout.isTTY ? barDisplay() : lineDisplay()
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

function percentOf({ bytesDone, bytesTotal }: View): number {
  if (bytesTotal === undefined) return 0
  return bytesTotal === 0 ? 100 : Math.floor((100 * bytesDone) / bytesTotal)
}

function lineDisplay(): Display {
  let last = ''
  return {
    show(view) {
      const percent = percentOf(view)
      const step = `${view.lifecycle} ${view.phase} ${Math.floor(percent / PERCENT_PER_LINE)}`
      if (step === last) return
      last = step
      const bytes = `${megabytes(view.bytesDone)} of ${megabytes(view.bytesTotal ?? 0)}`
      console.log(
        `${view.lifecycle}  ${view.phase}  ${percent} %  ${bytes}  chunk ${view.chunk} of ${view.chunks}`,
      )
    },
    say: (line) => console.log(line),
    close() {},
  }
}

function barDisplay(): Display {
  const bar = new cliProgress.SingleBar({
    format: (options, params, payload) =>
      `${payload.state}  ${cliProgress.Format.BarFormat(params.progress, options)}  ${payload.text}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    // Nobody would bring it back after kill -9.
    hideCursor: false,
    linewrap: null,
    // The supervisor ends the process, and the bar must not swallow the signal.
    gracefulExit: false,
  })
  const startedMs = performance.now()
  let first: number | undefined
  let active = false
  const text = (view: View) => {
    first ??= view.bytesDone
    const rate = ((view.bytesDone - first) / (performance.now() - startedMs)) * 1000
    const total = view.bytesTotal ?? 0
    const left = rate > 0 ? `  ${Math.ceil((total - view.bytesDone) / rate)} s left` : ''
    const pace = `  ${megabytes(rate)}/s${left}`
    return `${percentOf(view)} %  ${megabytes(view.bytesDone)} of ${megabytes(total)}${pace}`
  }
  return {
    show(view) {
      const state = `${pc.cyan(view.lifecycle.padEnd(13))} ${view.phase.padEnd(9)}`
      const payload = { state, text: text(view) }
      if (!active) bar.start(100, percentOf(view), payload)
      else bar.update(percentOf(view), payload)
      active = true
    },
    say(line) {
      if (active) bar.stop()
      active = false
      console.log(line)
    },
    close() {
      if (active) bar.stop()
      active = false
    },
  }
}
