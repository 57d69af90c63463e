import type { ClientMessage, ServerMessage } from '../../../src/inspect/stream/message.js'
import { tell } from './fitting.js'
import { holeBefore, isInOrder } from './order.js'
import { isMessage } from './shapes.js'
import type { Listener, Transport } from './transport.js'

/** Version of the protocol that this page speaks. */
const VERSION = 1
const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5000
/** A connection that has stood for so long is no part of what failed before it: one may be thrown out right after each hello. */
const STANDS_MS = 5000
/** Characters after which what came is acknowledged, as the protocol asks. */
const ACKNOWLEDGE_EVERY = 200_000
/** Refusals after which the connection goes on, or another one does from where it was. */
const PASSING: readonly string[] = ['CONTROL_OFF', 'UNKNOWN_TYPE', 'TOO_MANY']

const OTHER =
  'Another process answers at this address. Open the address that it prints, or start the one again of which this page is.'

/** Connects to the server of this page, and again whenever the connection ends, from where it was. */
export function connect(url: string, token: string, listener: Listener): Transport {
  let socket: WebSocket | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let retryMs = FIRST_RETRY_MS
  let closed = false
  let wasOpen = false
  let helloAtMs = Number.POSITIVE_INFINITY
  let unacknowledged = 0
  /** Of which this connection has told something: another server may not know what an earlier one did. */
  const told = new Set<string>()

  function open(): void {
    listener.connection({ status: 'connecting' })
    socket = new WebSocket(url)
    told.clear()
    socket.onopen = () => send({ type: 'hello', version: VERSION, token, ...listener.seen() })
    socket.onmessage = ({ data }) => heard(String(data))
    socket.onclose = () => {
      if (closed) return
      if (performance.now() - helloAtMs >= STANDS_MS) retryMs = FIRST_RETRY_MS
      helloAtMs = Number.POSITIVE_INFINITY
      listener.connection({ status: 'lost', retryAtMs: Date.now() + retryMs })
      retry = setTimeout(open, retryMs)
      retryMs = Math.min(LAST_RETRY_MS, retryMs * 2)
    }
  }

  function heard(text: string): void {
    const message = read(text)
    if (message === undefined) {
      listener.damaged()
      return
    }
    if (message.type === 'hello') {
      wasOpen = true
      helloAtMs = performance.now()
      listener.connection({ status: 'open' })
    }
    if (message.type === 'refused' && message.code === 'TOKEN' && wasOpen) {
      // Another process answers there for now; its own is waited for.
      retryMs = LAST_RETRY_MS
      listener.message({ ...message, message: OTHER }, text.length)
      return
    }
    if (message.type === 'refused' && !PASSING.includes(message.code)) {
      closed = true
      listener.connection({ status: 'refused', reason: message.message })
    }
    const hole = holeBefore(message, listener.seen().seen)
    if (hole !== undefined) listener.message(hole, 0)
    tell(message, text.length, listener)
    if (!isInOrder(message)) listener.damaged()
    if (message.type === 'entries' || message.type === 'base' || message.type === 'gap')
      told.add(message.incarnation)
    unacknowledged += text.length
    if (unacknowledged >= ACKNOWLEDGE_EVERY) acknowledge()
  }

  function acknowledge(): void {
    unacknowledged = 0
    for (const [incarnation, sequence] of Object.entries(listener.seen().seen))
      if (told.has(incarnation)) send({ type: 'ack', incarnation, sequence })
  }

  function send(message: ClientMessage): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
  }

  open()
  return {
    send,
    close() {
      closed = true
      clearTimeout(retry)
      socket?.close()
    },
  }
}

/** Undefined for what is no message at all, or in another shape. */
function read(text: string): ServerMessage | undefined {
  try {
    const message: unknown = JSON.parse(text)
    // No server tells of a counterexample, of which nobody here would hear.
    return isMessage(message) ? (message as ServerMessage) : undefined
  } catch {
    return undefined
  }
}
