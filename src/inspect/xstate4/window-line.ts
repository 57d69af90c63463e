import { ReceiverUnreachableError } from '../../errors/inspect.js'
import type { IframeLike } from '../stately/browser.js'
import type { Line, LineListener } from '../stately/line.js'
import type { Frame4 } from './frames4.js'
import { type Incoming, readReceiver } from './incoming.js'

/** A browser's window, as far as this library uses it. */
export interface ReceivingWindow {
  // A page's own window has richer types, which these take in.
  open(url: string, target: string): unknown
  addEventListener(type: 'message', run: (event: WindowMessage) => void): void
  removeEventListener(type: 'message', run: (event: WindowMessage) => void): void
}

interface WindowMessage {
  readonly data: unknown
  readonly origin: string
}

interface Target {
  postMessage(message: unknown, origin: string): void
}

/** A page with a receiver of `@xstate/inspect`, in a window or an iframe. It alone is sent to, and nobody else is heard. */
export class WindowLine implements Line<Frame4> {
  readonly #origin: string
  #target: Target | undefined
  #open = false

  constructor(
    private readonly options: {
      readonly url: string
      readonly window: ReceivingWindow
      readonly iframe: IframeLike | undefined
      readonly label: string | undefined
      readonly onEvent: Incoming
    },
    private readonly listener: LineListener,
  ) {
    const { url, window, iframe } = options
    this.#origin = new URL(url).origin
    window.addEventListener('message', this.#heard)
    if (iframe !== undefined) {
      iframe.setAttribute('src', url)
      return
    }
    this.#target = targetIn(window.open(url, 'xstateinspector'))
    if (this.#target === undefined) {
      const remedy = 'Allow it, call xstate4Inspector() in answer to a click, or give an iframe.'
      listener.warned(new ReceiverUnreachableError(url, 'the browser opened no window', remedy))
    }
  }

  get state(): Line<Frame4>['state'] {
    return this.#open ? 'open' : 'absent'
  }

  send(frame: Frame4): void {
    if (this.#open) this.#target?.postMessage(frame, this.#origin)
  }

  async close(): Promise<void> {
    if (this.#open) this.#target?.postMessage({ type: 'xstate.disconnect' }, this.#origin)
    this.#open = false
    this.options.window.removeEventListener('message', this.#heard)
  }

  readonly #heard = ({ data, origin }: WindowMessage): void => {
    if (origin !== this.#origin) return
    const { iframe, label, onEvent } = this.options
    const told = readReceiver(data, label)
    if (told?.type === 'event') onEvent(told.event, told.of)
    else if (told?.type === 'inspecting') {
      // An iframe has its window when its page is there.
      if (iframe !== undefined) this.#target = targetIn(iframe.contentWindow)
      this.#open = true
      this.listener.opened()
    }
  }
}

/** The window that a browser has given; undefined where there is none. */
function targetIn(window: unknown): Target | undefined {
  // A window of a browser can be posted to, and of its types this library knows none.
  return (window as Target | null) ?? undefined
}
