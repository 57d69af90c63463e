import { ReceiverUnreachableError } from '../../errors/inspect.js'
import { reasonOf } from '../../errors/text-of.js'
import type { Clock } from '../../ports/clock.js'
import { PASSING_ON, type StatelyDriver } from './driver.js'
import type { Frame } from './frames.js'
import type { Line, LineListener } from './line.js'
import { type Socket, socketOf } from './socket.js'

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5000
/** What a receiver may have on its way at once. Beyond it the newest events wait, and the oldest make room. */
const MOST_BUFFERED_BYTES = 16 * 1024 * 1024
const PATIENCE_MS = 1000

const REMEDY =
  'Start one there, such as createInspectorServer() of @statelyai/inspect/server, or name another url; it is tried again.'

/** A WebSocket to a receiver, which is tried again when it is not there or has gone. It keeps no process alive. */
export class WebSocketLine implements Line<Frame> {
  #socket: Socket | undefined
  #adapter: { send(frame: Frame): void } | undefined
  #open = false
  #closed = false
  /** Whether it was told that there is no receiver: once, and not at every attempt. */
  #warned = false
  #retryMs = FIRST_RETRY_MS
  #retry: unknown
  #gone = () => {}

  #tried = () => {}

  /**
   * Resolves when the receiver is there, or could not be reached, or not in a second.
   * @throws {ReceiverUnreachableError} the URL is none of a WebSocket
   */
  static async open(
    driver: StatelyDriver,
    url: string,
    clock: Clock,
    listener: LineListener,
  ): Promise<WebSocketLine> {
    const line = new WebSocketLine(driver, url, clock, listener)
    await line.#within(PATIENCE_MS, (done) => {
      line.#tried = done
    })
    return line
  }

  private constructor(
    private readonly driver: StatelyDriver,
    private readonly url: string,
    private readonly clock: Clock,
    private readonly listener: LineListener,
  ) {
    this.#connect()
  }

  get state(): Line<Frame>['state'] {
    if (!this.#open) return 'absent'
    return (this.#socket?.bufferedAmount ?? 0) > MOST_BUFFERED_BYTES ? 'full' : 'open'
  }

  send(frame: Frame): void {
    if (this.#open) this.#adapter?.send(frame)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.clock.clearTimer(this.#retry)
    const socket = this.#socket
    if (socket === undefined) return
    if (!this.#open) {
      socket.close()
      return
    }
    await this.#within(PATIENCE_MS, (done) => {
      this.#gone = done
      socket.close()
    })
    socket.terminate?.()
  }

  /** Resolves when `done` is called, or when the time is over. */
  async #within(patienceMs: number, begin: (done: () => void) => void): Promise<void> {
    let patience: unknown
    await new Promise<void>((resolve) => {
      patience = this.clock.setTimer(resolve, patienceMs)
      begin(resolve)
    })
    this.clock.clearTimer(patience)
  }

  #connect(): void {
    const { adapter } = this.driver.createWebSocketInspector({ ...PASSING_ON, url: this.url })
    try {
      adapter.start()
    } catch (cause) {
      throw new ReceiverUnreachableError(this.url, reasonOf(cause), 'Give a ws:// or wss:// URL.', { cause })
    }
    const socket = socketOf(adapter)
    this.#socket = socket
    this.#adapter = adapter
    let cause: unknown
    // In the place of the package's own, which would try again for ever.
    socket.onerror = ({ error }) => {
      cause = error
    }
    socket.addEventListener('open', () => this.#opened(socket))
    socket.addEventListener('close', () => this.#ended(cause))
  }

  #opened(socket: Socket): void {
    if (this.#closed) return
    socket._socket?.unref?.()
    this.#open = true
    this.#warned = false
    this.#retryMs = FIRST_RETRY_MS
    this.#tried()
    this.listener.opened()
  }

  #ended(cause: unknown): void {
    const wasOpen = this.#open
    this.#open = false
    this.#socket = undefined
    this.#gone()
    this.#tried()
    if (this.#closed) return
    if (!this.#warned) {
      this.#warned = true
      const reason =
        cause === undefined ? (wasOpen ? 'it has gone away' : 'it is not there') : reasonOf(cause)
      this.listener.warned(new ReceiverUnreachableError(this.url, reason, REMEDY, { cause }))
    }
    this.#retry = this.clock.setTimer(() => this.#connect(), this.#retryMs, true)
    this.#retryMs = Math.min(LAST_RETRY_MS, this.#retryMs * 2)
  }
}
