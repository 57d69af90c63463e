/// <reference lib="esnext.disposable" preserve="true" />
import { aSwitch, be, isPort } from '../../errors/option-checks.js'
import type { Inspector } from '../../ports/inspector.js'
import { systemClock } from '../../runtime/clock.js'
import { anIframe, aPage, aText, aWindow, checkInspector } from '../inspector-checks.js'
import { hiding } from '../redact.js'
import { feeding } from './feeding.js'
import { Frames } from './frames.js'
import type { StatelyInspectorOptions } from './options.js'
import { openLine, wayHere } from './ways.js'

const WAYS = {
  // One that is none of a WebSocket is told as a receiver that nobody reaches.
  websocket: { url: aText },
  server: {
    port: be('a port from 1 to 65535', (value) => isPort(value, 1)),
    url: aPage,
    autoOpen: aSwitch,
  },
  browser: { url: aText, window: aWindow, iframe: anIframe },
}

/** Shows services in Stately's inspector. */
export interface StatelyInspector {
  /** For the option `inspect` of one supervisor or several. It never throws, and waits for nobody. */
  readonly inspect: Inspector
  /** Where a person looks: the page of the server or of the window; undefined for a WebSocket. */
  readonly address: string | undefined
  /**
   * Sends what waits, as far as that takes no second, and ends the connection and the server. Never rejects. A process that
   * ends without it loses the last messages; none is kept alive by an inspector.
   */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Shows the services of a supervisor, or some of them, in Stately's inspector, or in any other receiver that speaks its
 * protocol, over the package `@statelyai/inspect`.
 *
 * Each service is two actors, `invoice-7 (lifecycle)` and under it `invoice-7`, the author's machine, with its own actors
 * under that. They keep their places over pauses, sleep, and restarts of the process. A receiver may come later, go away and
 * come back: it is told anew of every actor, and of up to the last 1000 events that it missed.
 *
 * Resolves when the receiver is there or a first attempt to reach it has failed.
 *
 * @throws {InvalidOptionError} an option is unknown in this way, or is not what it must be
 * @throws {MissingDriverError} the package is not installed
 * @throws {PortInUseError} the way is `server`, and somebody listens on its port
 * @throws {ReceiverUnreachableError} the URL is none of a WebSocket, or the way is `browser` where there is no window
 *
 * @example
 * ```ts
 * const stately = await statelyInspector({ way: 'server', redact: ['password', /token$/i] })
 * const supervisor = await createSupervisor({ store, inspect: stately.inspect })
 * console.log(`open ${stately.address}`)
 * // …
 * await supervisor.close()
 * await stately.close()
 * ```
 */
export async function statelyInspector(options: StatelyInspectorOptions = {}): Promise<StatelyInspector> {
  checkInspector('statelyInspector', options, WAYS, wayHere())
  const { clock = systemClock } = options
  const frames = new Frames(hiding(options.redact))
  return feeding(
    (note) => [frames.frameOf(note)],
    options,
    (listener) => openLine(options, clock, listener),
  )
}
