import { be, checkOptions, hasMethods, milliseconds, type OptionCheck } from '../errors/option-checks.js'
import type { Host, HostSink } from '../ports/host.js'
import { described } from './describe.js'
import { held } from './held.js'

/** What Electron's emitters have in common, as far as this library uses it. */
export interface EmitterLike {
  // Electron's own types name each event; a listener that takes fewer arguments serves them all.
  on(event: string, listener: (event: QuitEvent) => void): unknown
  removeListener(event: string, listener: (event: QuitEvent) => void): unknown
}

/** The event of a quit that can be put off. */
interface QuitEvent {
  preventDefault?(): void
}

export interface ElectronHostOptions {
  /** `app` of `electron`. */
  readonly app: EmitterLike & { quit(): void }
  /** `powerMonitor` of `electron`. */
  readonly powerMonitor: EmitterLike & { isOnBatteryPower?(): boolean }
  /** How long tasks may take to reach a step when the app quits, in ms. Default 10,000. */
  readonly deadlineMs?: number
}

const emits = (value: unknown) => hasMethods(value, 'on')

const CHECKS: Readonly<Record<keyof ElectronHostOptions, OptionCheck>> = {
  app: be('app of electron', emits),
  powerMonitor: be('powerMonitor of electron', emits),
  deadlineMs: milliseconds,
}

/**
 * Electron's main process as a host: `frozen` while the machine sleeps, `on-battery` and `screen-locked` for those whose
 * `pauseOn` lists them, and the end of the supervisor when the app quits or the machine shuts down. The quit is put off until
 * every service rests.
 *
 * Make it after `app.whenReady()`, before which Electron has no powerMonitor.
 * @throws {InvalidOptionError} `app` or `powerMonitor` is missing, or an option is unknown or not what it must be
 *
 * @example
 * ```ts
 * import { app, powerMonitor } from 'electron'
 *
 * await app.whenReady()
 * const host = electronHost({ app, powerMonitor })
 * ```
 */
export function electronHost(options: ElectronHostOptions): Host {
  checkOptions('electronHost', options, CHECKS, ['app', 'powerMonitor'])
  const { app, powerMonitor, deadlineMs = 10_000 } = options
  return described(
    (sink) => {
      const frozen = held(sink, 'frozen')
      const locked = held(sink, 'screen-locked')
      const onBattery = held(sink, 'on-battery')
      onBattery(powerMonitor.isOnBatteryPower?.() === true)
      const quitting = quit(sink, app, deadlineMs)
      const ends = [
        listen(powerMonitor, 'suspend', () => frozen(true)),
        listen(powerMonitor, 'resume', () => frozen(false)),
        listen(powerMonitor, 'lock-screen', () => locked(true)),
        listen(powerMonitor, 'unlock-screen', () => locked(false)),
        listen(powerMonitor, 'on-battery', () => onBattery(true)),
        listen(powerMonitor, 'on-ac', () => onBattery(false)),
        listen(powerMonitor, 'shutdown', quitting),
        listen(app, 'will-quit', quitting),
      ]
      return () => {
        for (const end of ends) end()
      }
    },
    {
      platform: 'Electron’s main process',
      tells: {
        frozen: 'the machine is about to sleep, until it wakes',
        'screen-locked': 'the screen is locked (macOS, Windows)',
        'on-battery': 'the machine runs on its battery (macOS, Windows)',
        end: 'the app quits, which is put off; the machine shuts down (macOS, Linux)',
      },
      silent: ['a killed app, a crash', 'the end of a session on Windows'],
      time: `${deadlineMs} ms at a quit; before sleep the system waits for nobody`,
    },
  )
}

/** Puts a quit off until the supervisor has closed, and quits then. */
function quit(sink: HostSink, app: ElectronHostOptions['app'], deadlineMs: number) {
  let state: 'running' | 'ending' | 'ended' = 'running'
  return (event: QuitEvent) => {
    if (state === 'ended') return
    event.preventDefault?.()
    if (state === 'ending') return
    state = 'ending'
    void sink
      .shutdown({ deadlineMs })
      .catch((error) => console.error(error))
      .then(() => {
        state = 'ended'
        app.quit()
      })
  }
}

function listen(emitter: EmitterLike, event: string, listener: (event: QuitEvent) => void): () => void {
  emitter.on(event, listener)
  return () => void emitter.removeListener(event, listener)
}
