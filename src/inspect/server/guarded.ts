import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { reasonOf } from '../../errors/text-of.js'
import { refuseUpgrade } from './refuse.js'

export interface Listeners {
  request(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Is told what was met. */
  failed?(cause: unknown): void
}

/** Has a server of a process with services answer: what a request or an upgrade meets is its own, and ends nothing else. */
export function answerGuarded(server: Server, { request, upgrade, failed = () => {} }: Listeners): void {
  server.on('request', (asked: IncomingMessage, response: ServerResponse) => {
    try {
      request(asked, response)
    } catch (error) {
      if (response.headersSent) response.destroy()
      else
        response
          .writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
          .end(failedText(error))
      failed(error)
    }
  })
  server.on('upgrade', (asked: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    try {
      upgrade(asked, socket, head)
    } catch (error) {
      refuseUpgrade(socket, 500)
      failed(error)
    }
  })
  // Of one that cannot be let in, as where the process has no open files left: who is here goes on.
  server.on('error', failed)
}

function failedText(error: unknown): string {
  return `This could not be answered: ${reasonOf(error)}. The process and its services go on. Load it again; where that stays so, start the process again.\n`
}
