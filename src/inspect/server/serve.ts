import { createServer, type IncomingMessage } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { Connection, type Served } from './connection.js'
import { isOwnRequest } from './guard.js'
import { guestProtocolAt, guestRefusal, turnAway, welcomeGuest } from './guest-sockets.js'
import { MOST_BYTES } from './limits.js'
import { listen, portOf } from './listen.js'
import { Page } from './page.js'
import { refuseUpgrade } from './refuse.js'

export const DEFAULT_PORT = 4680
/** How long a connection may take to say hello. */
const HELLO_MS = 5000
const MOST_CLIENTS = 100
/** How long a client may take to go as the server ends. */
const LEAVE_MS = 250

/** Where a person opens the page: the token stands where no request carries it. */
export function addressOf({ port }: InspectionServer, token: string): string {
  return `http://127.0.0.1:${port}/#token=${token}`
}

/** A server that listens. */
export interface InspectionServer {
  readonly port: number
  close(): Promise<void>
}

/**
 * Serves the page and the stream on 127.0.0.1.
 *
 * @param port undefined for the default one or the next that is free
 * @throws {PortInUseError} the port is taken
 */
export async function serveInspection(served: Served, port: number | undefined): Promise<InspectionServer> {
  const page = new Page(undefined, served.files)
  const connections = new Set<Connection>()
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES, perMessageDeflate: false })
  const server = createServer({ maxHeaderSize: 16 * 1024 }, (request, response) => {
    const refused = refusalOf(request, portOf(server))
    if (refused !== undefined) response.writeHead(refused, { Connection: 'close' }).end()
    else page.answer(pathOf(request), request.headers.host ?? '', response, served.origins)
  })
  // Nobody who only looks keeps a process alive.
  server.on('connection', (socket) => socket.unref())
  server.headersTimeout = 10_000
  server.maxHeadersCount = 100
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const { guests } = served
    const guest = guestProtocolAt(pathOf(request))
    if (guest !== undefined && guests !== undefined) {
      const refusal = guestRefusal(request.url ?? '', request.rawHeaders, portOf(server), served)
      if (refusal === 'foreign' || !guests.hasRoom) refuseUpgrade(socket, refusal === 'foreign' ? 403 : 503)
      else
        sockets.handleUpgrade(request, socket, head, (client) => {
          if (refusal === undefined) {
            served.refusedGuests?.admit(guest)
            welcomeGuest(client, guest, guests)
          } else {
            served.refusedGuests?.refuse(guest, refusal)
            turnAway(client, refusal)
          }
        })
      return
    }
    const own = isOwnRequest(request.rawHeaders, portOf(server)) && pathOf(request) === '/stream'
    if (!own || connections.size >= MOST_CLIENTS) refuseUpgrade(socket, own ? 503 : 403)
    else sockets.handleUpgrade(request, socket, head, (client) => welcome(client, served, connections))
  })
  const unsubscribe = served.journal.subscribe(pumpLater(connections))
  try {
    await listen(server, port, DEFAULT_PORT)
  } catch (error) {
    unsubscribe()
    throw error
  }
  server.unref()
  return {
    port: portOf(server),
    close: async () => {
      unsubscribe()
      for (const connection of connections) connection.pump()
      for (const client of sockets.clients) client.close(1001, 'the server ends')
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await sent(sockets.clients)
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await closed
    },
  }
}

function welcome(client: WebSocket, served: Served, connections: Set<Connection>): void {
  const connection = new Connection(
    {
      get bufferedAmount() {
        return client.bufferedAmount
      },
      send: (text, sent) => client.send(text, { binary: false }, () => sent()),
      close: (code, reason) => client.close(code, reason),
    },
    served,
  )
  connections.add(connection)
  const tooLate = setTimeout(() => {
    if (!connection.greeted) client.terminate()
  }, HELLO_MS).unref()
  client.on('message', (data, isBinary) => {
    if (isBinary) connection.receiveBytes()
    else connection.receive(String(data))
  })
  // One that breaks the protocol is ended by the package, with the code that names why.
  client.on('error', () => {})
  client.on('close', () => {
    clearTimeout(tooLate)
    connections.delete(connection)
    connection.end()
  })
}

/** Sends what came in one turn together, and lets the services go first. */
function pumpLater(connections: ReadonlySet<Connection>): () => void {
  let scheduled = false
  return () => {
    if (scheduled || connections.size === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      for (const connection of connections) connection.pump()
    })
  }
}

function refusalOf(request: IncomingMessage, port: number): number | undefined {
  if (!isOwnRequest(request.rawHeaders, port)) return 403
  return request.method === 'GET' || request.method === 'HEAD' ? undefined : 405
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split(/[?#]/, 1)[0] ?? '/'
}

/** Resolves when all that was sent has left, or soon: a closing with a deadline gives up what takes half a second. */
async function sent(clients: ReadonlySet<WebSocket>): Promise<void> {
  const ends = [...clients].map((client) => new Promise<void>((resolve) => client.once('close', resolve)))
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LEAVE_MS)
  })
  await Promise.race([Promise.all(ends), patience])
  clearTimeout(timer)
}
