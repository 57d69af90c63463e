import { createServer, type IncomingMessage } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { Clients } from './clients.js'
import { isOwnRequest } from './guard.js'
import { answerGuarded } from './guarded.js'
import { guestProtocolAt, guestRefusal, turnAway, welcomeGuest } from './guest-sockets.js'
import { MOST_BYTES } from './limits.js'
import { listen } from './listen.js'
import { Page } from './page.js'
import { refuseUpgrade } from './refuse.js'
import type { Served } from './served.js'

export const DEFAULT_PORT = 4680
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
 * @param page the built one, unless another is given
 * @throws {PortInUseError} the port is taken
 */
export async function serveInspection(
  served: Served,
  port: number | undefined,
  page = new Page(undefined, served.files),
): Promise<InspectionServer> {
  const clients = new Clients(served)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES, perMessageDeflate: false })
  const server = createServer({ maxHeaderSize: 16 * 1024 })
  // Nobody who only looks keeps a process alive.
  server.on('connection', (socket) => socket.unref())
  server.headersTimeout = 10_000
  server.maxHeadersCount = 100
  const own = await listen(server, port, DEFAULT_PORT)
  let isOver = false
  answerGuarded(server, {
    failed: (cause) => served.failed?.(cause),
    request: (request, response) => {
      const refused = refusalOf(request, own) ?? (isOver ? 503 : undefined)
      if (refused !== undefined) response.writeHead(refused, { Connection: 'close' }).end()
      else page.answer(pathOf(request), request.headers.host ?? '', response, served.origins)
    },
    upgrade: (request, socket, head) => {
      const { guests } = served
      const guest = guestProtocolAt(pathOf(request))
      if (guest !== undefined && guests !== undefined) {
        const refusal = guestRefusal(request.url ?? '', request.rawHeaders, own, served)
        const isFull = isOver || !guests.hasRoom
        if (refusal === 'foreign' || isFull) refuseUpgrade(socket, refusal === 'foreign' ? 403 : 503)
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
      const isOurs = isOwnRequest(request.rawHeaders, own) && pathOf(request) === '/stream'
      if (!isOurs || isOver || !clients.hasRoom) refuseUpgrade(socket, isOurs ? 503 : 403)
      else sockets.handleUpgrade(request, socket, head, (client) => clients.welcome(client))
    },
  })
  const unsubscribe = served.journal.subscribe(clients.pumpLater)
  server.unref()
  return {
    port: own,
    close: async () => {
      isOver = true
      unsubscribe()
      clients.pump()
      for (const client of sockets.clients) client.close(1001, 'the server ends')
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await sent(sockets.clients)
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await closed
    },
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
