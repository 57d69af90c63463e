import cliProgress from 'cli-progress'
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

/** Percent and bytes; nothing before the source was measured. */
function amount(view: View): string[] {
  const { bytesDone, bytesTotal } = view
  if (bytesTotal === undefined) return []
  return [`${percentOf(view)} %`, `${(bytesDone / 1e6).toFixed(1)} of ${megabytes(bytesTotal)}`]
}

function lineDisplay(): Display {
  let last = ''
  return {
    show(view) {
      const percent = percentOf(view)
      const step = `${view.lifecycle} ${view.phase} ${Math.floor(percent / PERCENT_PER_LINE)}`
      if (step === last) return
      last = step
      console.log([view.lifecycle, view.phase, ...amount(view)].join('  '))
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
    // Short enough for 80 columns.
    barsize: 14,
    // Nobody would bring them back after kill -9: the bar cuts its line itself.
    hideCursor: false,
    linewrap: true,
    // The supervisor ends the process, and the bar must not swallow the signal.
    gracefulExit: false,
  })
  const startedMs = performance.now()
  let first: number | undefined
  let active = false
  const text = (view: View) => {
    first ??= view.bytesDone
    const rate = ((view.bytesDone - first) / (performance.now() - startedMs)) * 1000
    const leftBytes = (view.bytesTotal ?? 0) - view.bytesDone
    const pace =
      rate > 0 && leftBytes > 0 ? [`${megabytes(rate)}/s`, `${Math.ceil(leftBytes / rate)} s left`] : []
    return [...amount(view), ...pace].join('  ')
  }
  return {
    show(view) {
      const { lifecycle, phase } = view
      const state = (lifecycle === 'running' ? phase : lifecycle).padEnd(9)
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
