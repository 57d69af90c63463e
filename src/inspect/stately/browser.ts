import { ReceiverUnreachableError } from '../../errors/inspect.js'
import { PASSING_ON, type StatelyDriver } from './driver.js'
import type { Frame } from './frames.js'
import type { Line, LineListener } from './line.js'

/** A browser's window, as far as this library uses it. */
export interface WindowLike {
  // A page's own window has richer types, which these take in.
  open(url: string, target: string): unknown
  addEventListener(type: 'message', run: (event: { readonly data: unknown }) => void): void
  removeEventListener(type: 'message', run: (event: { readonly data: unknown }) => void): void
}

/** An iframe of a page, as far as this library uses it. */
export interface IframeLike {
  readonly contentWindow: unknown
  addEventListener(type: 'load', run: () => void): void
  setAttribute(name: string, value: string): void
}

const CONNECTED = '@statelyai.connected'

/** A page with an inspector in a window or an iframe, which says itself when it is there, and again when it is loaded anew. */
export class BrowserLine implements Line<Frame> {
  readonly #adapter: ReturnType<StatelyDriver['createBrowserInspector']>['adapter']
  #open = false

  constructor(
    driver: StatelyDriver,
    private readonly options: {
      readonly url: string
      readonly window: WindowLike
      readonly iframe: IframeLike | undefined
    },
    private readonly listener: LineListener,
  ) {
    const { url, window, iframe } = options
    this.#adapter = driver.createBrowserInspector({
      ...PASSING_ON,
      url,
      window,
      iframe: iframe ?? null,
    }).adapter
    this.#adapter.start()
    window.addEventListener('message', this.#heard)
    if (iframe === undefined && !this.#adapter.targetWindow) {
      const remedy = 'Allow it, call statelyInspector() in answer to a click, or give an iframe.'
      listener.warned(new ReceiverUnreachableError(url, 'the browser opened no window', remedy))
    }
  }

  get state(): Line<Frame>['state'] {
    return this.#open ? 'open' : 'absent'
  }

  send(frame: Frame): void {
    if (!this.#open) return
    try {
      this.#adapter.send(frame)
    } catch {
      // The window was closed in this very moment.
    }
  }

  async close(): Promise<void> {
    if (this.#open) this.#adapter.stop()
    this.#open = false
    this.options.window.removeEventListener('message', this.#heard)
  }

  readonly #heard = ({ data }: { readonly data: unknown }): void => {
    if (typeof data !== 'object' || data === null || !('type' in data) || data.type !== CONNECTED) return
    // The package sets it when the iframe is loaded, and some pages say that they are there before.
    this.#adapter.targetWindow ??= this.options.iframe?.contentWindow
    this.#open = true
    this.listener.opened()
  }
}
