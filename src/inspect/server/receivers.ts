import { createServer } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Line, LineListener } from '../stately/line.js'
import type { Frame4 } from '../xstate4/frames4.js'
import { type Incoming, parsed, readReceiver } from '../xstate4/incoming.js'
import { isOwnRequest } from './guard.js'
import { answerGuarded } from './guarded.js'
import { listen } from './listen.js'
import { refuseUpgrade } from './refuse.js'
import { isToken, makeToken } from './token.js'

/** Where the documentation of `@xstate/inspect` has its server. */
const FIRST_PORT = 8888
const MOST_RECEIVERS = 20
const MOST_BYTES = 1024 * 1024
/** What may wait for one receiver; one that takes no more is let go. */
const MOST_BUFFERED_BYTES = 16 * 1024 * 1024

export interface ReceiversOptions {
  readonly port: number | undefined
  readonly allowOrigins: readonly string[]
  readonly label: string | undefined
  readonly onEvent: Incoming
}

/**
 * Listens on 127.0.0.1 for receivers of `@xstate/inspect`, as `inspect({ server })` of that package does.
 *
 * @throws {PortInUseError} the port is taken
 */
export async function listenForReceivers(
  options: ReceiversOptions,
  listener: LineListener,
): Promise<{ readonly line: Line<Frame4>; readonly address: string }> {
  const token = makeToken()
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES, perMessageDeflate: false })
  /** Those that have said that they look on. */
  const looking = new Set<WebSocket>()
  const server = createServer()
  server.on('connection', (socket) => socket.unref())
  function welcome(client: WebSocket): void {
    client.on('message', (data) => {
      const told = readReceiver(parsed(String(data)), options.label)
      if (told?.type === 'event') options.onEvent(told.event, told.of)
      else if (told?.type === 'inspecting') {
        looking.add(client)
        // The others are told once more, too, as by the package.
        listener.opened()
      }
    })
    client.on('error', () => {})
    client.on('close', () => looking.delete(client))
  }
  const port = await listen(server, options.port, FIRST_PORT)
  let isOver = false
  answerGuarded(server, {
    request: (_, response) => void response.writeHead(404).end(),
    upgrade: (request, socket, head) => {
      const given = new URLSearchParams((request.url ?? '').split('?')[1]).get('token') ?? ''
      const own = isOwnRequest(request.rawHeaders, port, options.allowOrigins) && isToken(given, token)
      const isFull = isOver || sockets.clients.size >= MOST_RECEIVERS
      if (!own || isFull) refuseUpgrade(socket, own ? 503 : 403)
      else sockets.handleUpgrade(request, socket, head, welcome)
    },
  })
  server.unref()
  const line: Line<Frame4> = {
    get state() {
      return looking.size === 0 ? 'absent' : 'open'
    },
    send: (frame) => {
      const text = JSON.stringify(frame)
      for (const client of looking) {
        if (client.bufferedAmount > MOST_BUFFERED_BYTES) client.terminate()
        else client.send(text, () => {})
      }
    },
    close: async () => {
      isOver = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const client of sockets.clients) client.close(1001, 'the inspector ends')
      // What was sent has its turn to leave.
      await new Promise((resolve) => setImmediate(resolve))
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await closed
    },
  }
  return { line, address: `ws://127.0.0.1:${port}/?token=${token}` }
}
