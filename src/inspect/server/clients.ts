import type { WebSocket } from 'ws'
import { Connection } from './connection.js'
import type { Served } from './served.js'

/** How long a connection may take to say hello. */
const HELLO_MS = 5000
/** Those that have said it, with the token. */
const MOST_CLIENTS = 100
/** Those that have yet to: whoever has no token fills no more than this, and a new one takes the place of the oldest. */
const MOST_SILENT = 100
/** WebSocket's own code: try again later. */
const TRY_LATER = 1013

/** All that look on over the stream. */
export class Clients {
  /** Oldest first. */
  readonly #silent = new Map<Connection, WebSocket>()
  readonly #greeted = new Set<Connection>()
  #scheduled = false

  constructor(private readonly served: Served) {}

  /** Whether one more may look on. */
  get hasRoom(): boolean {
    return this.#greeted.size < MOST_CLIENTS
  }

  /** Lets one in, which has yet to say who it is. */
  welcome(client: WebSocket): void {
    const connection = new Connection(
      {
        get bufferedAmount() {
          return client.bufferedAmount
        },
        send: (text, sent) => client.send(text, { binary: false }, () => sent()),
        close: (code, reason) => client.close(code, reason),
      },
      this.served,
    )
    const [oldest] = this.#silent.values()
    if (oldest !== undefined && this.#silent.size >= MOST_SILENT) oldest.terminate()
    this.#silent.set(connection, client)
    const tooLate = setTimeout(() => {
      if (!connection.greeted) client.terminate()
    }, HELLO_MS).unref()
    client.on('message', (data, isBinary) => {
      if (isBinary) connection.receiveBytes()
      else connection.receive(String(data))
      if (connection.greeted && this.#silent.delete(connection)) this.#greet(connection, client)
    })
    // One that breaks the protocol is ended by the package, with the code that names why.
    client.on('error', () => {})
    client.on('close', () => {
      clearTimeout(tooLate)
      this.#silent.delete(connection)
      this.#greeted.delete(connection)
      connection.end()
    })
  }

  /** Sends what is new. */
  pump(): void {
    for (const connection of this.#greeted) connection.pump()
  }

  /** Sends what came in one turn together, and lets the services go first. */
  readonly pumpLater = (): void => {
    if (this.#scheduled || this.#greeted.size === 0) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.pump()
    })
  }

  #greet(connection: Connection, client: WebSocket): void {
    if (this.hasRoom) this.#greeted.add(connection)
    else {
      // Others were faster.
      connection.end()
      client.close(TRY_LATER, 'Too many look on.')
    }
  }
}
