import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'
import { Gate } from '../gate.js'

/** A network between a client and a server on loopback, which fails on command. */
export interface Proxy {
  readonly port: number
  /** Breaks every connection. */
  cut(): void
  /** Breaks a connection as soon as its server answers, and swallows the answer; after so many more, if it is told to. */
  cutAtNextAnswer(after?: number): void
  /** Breaks every connection for its client alone: the server does not learn of it. */
  strand(): void
  /** Nothing passes any more, and nothing is refused; until `go`. */
  halt(): void
  go(): void
  close(): Promise<void>
}

/** Listens on a port of loopback, and passes all on to the other one. */
export async function startProxy(to: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  const stranded = new Set<Socket>()
  const clients = new Set<Socket>()
  const passing = new Gate()
  let untilCut = Number.POSITIVE_INFINITY
  const pass = (from: Socket, into: Socket, isAnswer: boolean) => {
    sockets.add(from)
    from.on('data', (bytes) => {
      if (isAnswer && untilCut-- === 0) {
        untilCut = Number.POSITIVE_INFINITY
        from.destroy()
        into.destroy()
        return
      }
      from.pause()
      void passing.pass().then(() => {
        into.write(bytes)
        from.resume()
      })
    })
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      if (!stranded.has(from)) void passing.pass().then(() => into.destroy())
    })
  }
  const server = createServer((client) => {
    const upstream = createConnection({ port: to, host: '127.0.0.1' })
    clients.add(client)
    client.on('close', () => clients.delete(client))
    pass(client, upstream, false)
    pass(upstream, client, true)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: address.port,
    cut,
    cutAtNextAnswer: (after = 0) => {
      untilCut = after
    },
    strand: () => {
      for (const client of clients) {
        stranded.add(client)
        client.destroy()
      }
    },
    halt: () => passing.shut(),
    go: () => passing.open(),
    close: async () => {
      passing.open()
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
    },
  }
}
