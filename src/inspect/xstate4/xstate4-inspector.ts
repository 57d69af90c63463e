import { IncomingEventError, ReceiverUnreachableError } from '../../errors/inspect.js'
import { aFunction, be, isPort } from '../../errors/option-checks.js'
import type { Subject } from '../../ports/inspector.js'
import { apart } from '../../xstate/apart.js'
import { INSPECT_CHECKS } from '../inspect-checks.js'
import { anIframe, aPage, aWindow, checkInspector } from '../inspector-checks.js'
import { hiding } from '../redact.js'
import type { IframeLike } from '../stately/browser.js'
import { feeding } from '../stately/feeding.js'
import type { CommonOptions } from '../stately/options.js'
import type { StatelyInspector } from '../stately/stately-inspector.js'
import { Frames4 } from './frames4.js'
import type { Incoming } from './incoming.js'
import { type ReceivingWindow, WindowLine } from './window-line.js'

/** Where receivers of `@xstate/inspect` look on. */
export type XState4InspectorOptions = CommonOptions & {
  /** An event that somebody sends from a receiver to the machine of a service. Default: such events are passed over. */
  readonly onEvent?: Incoming
} & (
    | {
        /** Listens on 127.0.0.1 for receivers: Node alone. */
        readonly way?: 'server'
        /** Default: 8888, or the next one that is free. */
        readonly port?: number
        /** Origins of pages whose receivers may connect. Default: none; programs that are no browsers need only the token of the address. */
        readonly allowOrigins?: readonly string[]
      }
    | {
        /** Opens a page with a receiver. */
        readonly way: 'browser'
        readonly url: string
        /** Default: this page's own. */
        readonly window?: ReceivingWindow
        /** Where the page is shown instead of in a window of its own. */
        readonly iframe?: IframeLike
      }
  )

const WAYS = {
  server: {
    port: be('a port from 0 to 65535', (value) => isPort(value, 0)),
    allowOrigins: INSPECT_CHECKS.allowOrigins,
    onEvent: aFunction,
  },
  browser: { url: aPage, window: aWindow, iframe: anIframe, onEvent: aFunction },
}

/**
 * Shows the services of a supervisor, or some of them, to receivers of `@xstate/inspect`, the inspector of XState 4: services as
 * `statelyInspector` shows them, with charts as XState 4 has them. It needs no package. The address has a token, which receivers give.
 *
 * @throws {InvalidOptionError} an option is unknown in this way, or is not what it must be
 * @throws {PortInUseError} somebody listens on the port
 * @throws {NoServerHereError} the way is `server`, and this is no Node
 * @throws {ReceiverUnreachableError} the way is `browser`, and there is no window here
 *
 * @example
 * ```ts
 * const inspector = await xstate4Inspector({
 *   onEvent: (event, { key }) => supervisor.get(key).then((service) => service.send(event)),
 * })
 * const supervisor = await createSupervisor({ store, inspect: inspector.inspect })
 * createWebSocketReceiver({ server: inspector.address.replace('ws://', '') }) // where XState 4 is installed
 * ```
 */
export async function xstate4Inspector(options: XState4InspectorOptions = {}): Promise<StatelyInspector> {
  checkInspector('xstate4Inspector', options, WAYS, 'server', { browser: ['url'] })
  const frames = new Frames4(hiding(options.redact))
  const { label, onEvent: told = () => {} } = options
  return feeding(
    (note) => frames.framesOf(note),
    options,
    async (listener) => {
      // It is somebody else's, and called by who receives; a service may refuse what a stranger sends.
      const onEvent = (event: { readonly type: string }, of: Subject): void => {
        const { definition, key } = of
        const refused = (cause: unknown) =>
          listener.warned(new IncomingEventError(event.type, { service: definition, key, cause }))
        Promise.resolve(apart(() => told(event, of))).catch(refused)
      }
      if (options.way !== 'browser') {
        const { port, allowOrigins = [] } = options
        // Node's part of the package, which no bundle for another platform must hold.
        const { listenForReceivers } = await import('#inspection')
        return listenForReceivers({ port, allowOrigins, label, onEvent }, listener)
      }
      const { url, iframe, window = (globalThis as { readonly window?: ReceivingWindow }).window } = options
      if (window === undefined) {
        const remedy = 'Give one, or choose the way server.'
        throw new ReceiverUnreachableError(url, 'there is no window here', remedy)
      }
      return { line: new WindowLine({ url, window, iframe, label, onEvent }, listener), address: url }
    },
  )
}
