import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { WebSocketServer } from 'ws'

/** A message of Stately's protocol, as a receiver reads it. */
export interface Frame {
  readonly type: string
  readonly sessionId: string
  readonly rootId: string
  readonly name?: string
  readonly parentId?: string
  readonly sourceId?: string
  readonly definition?: string
  readonly event?: { readonly type: string; readonly [field: string]: unknown }
  readonly snapshot?: {
    readonly status: string
    readonly value?: unknown
    readonly context?: unknown
    readonly [field: string]: unknown
  }
}

/** Collects what comes, and tells those who wait for it. */
export class Collected {
  readonly frames: Frame[] = []
  /** Each as it was sent. */
  text = ''
  readonly #waiting = new Set<() => void>()

  add(text: string): void {
    this.text += text
    this.frames.push(JSON.parse(text) as Frame)
    for (const look of this.#waiting) look()
  }

  /** The first frame that is like that, now or when it comes. */
  until(like: (frame: Frame) => boolean): Promise<Frame> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.frames.find(like)
        if (found === undefined) return
        this.#waiting.delete(look)
        resolve(found)
      }
      this.#waiting.add(look)
      look()
    })
  }

  /** When an actor has this value, or its last snapshot had. */
  state(sessionId: string, value: unknown): Promise<Frame> {
    return this.until(
      (frame) =>
        frame.sessionId === sessionId && JSON.stringify(frame.snapshot?.value) === JSON.stringify(value),
    )
  }

  actors(): (readonly [string | undefined, string | undefined, string])[] {
    const actors = this.frames.filter(({ type }) => type === '@xstate.actor')
    return actors.map(({ name, parentId, sessionId }) => [name, parentId, sessionId] as const)
  }
}

/** A receiver on this machine. */
export class Receiver extends Collected {
  readonly #server: WebSocketServer

  private constructor(port: number) {
    super()
    this.#server = new WebSocketServer({ port, host: '127.0.0.1' })
    this.#server.on('connection', (socket) => {
      socket.on('message', (data) => this.add(String(data)))
    })
  }

  static async listen(port = 0): Promise<Receiver> {
    const receiver = new Receiver(port)
    await once(receiver.#server, 'listening')
    return receiver
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`
  }

  /** Reads nothing any more, for now. */
  pause(): void {
    for (const client of this.#server.clients) client.pause()
  }

  resume(): void {
    for (const client of this.#server.clients) client.resume()
  }

  /** Goes away without a farewell. */
  async die(): Promise<void> {
    for (const client of this.#server.clients) client.terminate()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
