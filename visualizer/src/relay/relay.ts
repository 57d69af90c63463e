/** How long an application is asked, again and again, to tell what it has; and how often. */
const ASKED_TIMES = 20
const ASK_EVERY_MS = 500
/** An iframe's page is known to the one around it only some time after it is loaded. */
const FIRST_ASK_MS = 50
const RETRY_MS = 1000
/** With what the server closes a connection that it does not let in. */
const POLICY = 1008
/** Messages that wait for the server. */
const MOST_WAITING = 1000

/** A window, as far as it is sent to. */
interface Target {
  postMessage(message: unknown, origin: string): void
}

/** What the page around this one, or the one that has opened it, tells of itself. */
type Message = { readonly type: string }

/** The two inspectors: at which path of the server each is heard, and what an application waits for before it tells anything. */
const STATELY = { path: 'stately', ask: { type: '@statelyai.connected' } }
const XSTATE = { path: 'xstate', ask: { type: 'xstate.inspecting' } }
type Protocol = typeof STATELY
/** With what an application begins, once it knows where to. */
const INTRODUCES: readonly string[] = ['@xstate.actor', 'service.register']

/**
 * Passes on to the server what an application sends by `postMessage` that shows this page in an iframe, or has opened it in a window: over
 * `@statelyai/inspect` or `@xstate/inspect`. `refused` is told of an origin that the server does not let in.
 */
export function startRelay(token: string, refused: (origin: string) => void): void {
  // The page's types know no windows of others.
  const target = (window.self === window.top ? window.opener : window.parent) as Target | null
  if (target === null) return
  const lines = new Map<string, Line>()
  let heard = false

  function ask(times: number): void {
    if (heard || times === 0) return
    // They hold nothing: whoever it is may see them.
    for (const { ask } of [STATELY, XSTATE]) target?.postMessage(ask, '*')
    setTimeout(() => ask(times - 1), ASK_EVERY_MS)
  }

  addEventListener('message', ({ data, origin, source }) => {
    // By identity alone: what is posted to and what has posted are of two types.
    if (source !== (target as unknown) || !isMessage(data)) return
    const protocol = protocolOf(data)
    if (protocol === undefined || target === null) return
    // Before that, an iframe that was asked too early tells what follows alone: it will be asked again, and tells all.
    heard ||= INTRODUCES.includes(data.type)
    if (!heard) return
    const name = `${protocol.path} ${origin}`
    const line = lines.get(name) ?? new Line(protocol, origin, token, target, refused)
    lines.set(name, line)
    line.send(data)
  })
  const begin = () => setTimeout(() => ask(ASKED_TIMES), FIRST_ASK_MS)
  if (document.readyState === 'complete') begin()
  else addEventListener('load', begin)
}

/** The way of one application to the server. */
class Line {
  #socket: WebSocket | undefined
  #waiting: string[] = []
  #refused = false

  constructor(
    private readonly protocol: Protocol,
    private readonly origin: string,
    private readonly token: string,
    private readonly target: Target,
    private readonly refused: (origin: string) => void,
  ) {
    this.#connect()
  }

  send(message: Message): void {
    const text = JSON.stringify(message)
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text)
    else if (!this.#refused && this.#waiting.length < MOST_WAITING) this.#waiting.push(text)
  }

  #connect(again = false): void {
    const url = new URL(this.protocol.path, location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    url.hash = ''
    url.search = new URLSearchParams({ token: this.token, origin: this.origin }).toString()
    const socket = new WebSocket(url)
    this.#socket = socket
    let opened = false
    socket.onopen = () => {
      opened = true
      // A server that was started anew knows nothing: the application tells all that it has once more.
      if (again) this.target.postMessage(this.protocol.ask, this.origin)
      else for (const text of this.#waiting) socket.send(text)
      this.#waiting = []
    }
    socket.onmessage = ({ data }) => this.target.postMessage(JSON.parse(String(data)), this.origin)
    socket.onclose = ({ code }) => {
      // Without the token nobody is let in: this page says so of itself.
      if (code === POLICY) this.#refused = true
      else if (!opened && !again) {
        this.#refused = true
        this.refused(this.origin)
      } else setTimeout(() => this.#connect(true), RETRY_MS)
    }
  }
}

function protocolOf({ type }: Message): Protocol | undefined {
  if (type.startsWith('@xstate.') || type === '@statelyai.disconnected') return STATELY
  return type.startsWith('service.') || type === 'xstate.disconnect' ? XSTATE : undefined
}

function isMessage(data: unknown): data is Message {
  return typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string'
}
