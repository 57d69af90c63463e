import { WebSocket } from 'ws'
import type { Entry } from '../../../src/inspect/stream/entry.js'
import { folded } from '../../../src/inspect/stream/fold.js'
import type { ClientMessage, ServerMessage } from '../../../src/inspect/stream/message.js'
import type { ServiceState } from '../../../src/inspect/stream/state.js'

type Of<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>

/** What one client has, over all its connections: as a page keeps it. */
export class Client {
  readonly messages: ServerMessage[] = []
  readonly entries = new Map<string, Entry[]>()
  readonly states = new Map<string, ServiceState>()
  readonly seen: Record<string, number> = {}
  #socket: WebSocket | undefined
  readonly #waiting = new Set<() => void>()
  /** The incarnation that has told of each service last. */
  readonly #tellers = new Map<string, string>()

  constructor(
    public address: string,
    private readonly options: { readonly acknowledges?: boolean; readonly origin?: string } = {},
  ) {}

  /** Connects and says hello with what it has seen. */
  async connect(hello: Partial<Extract<ClientMessage, { type: 'hello' }>> = {}): Promise<this> {
    const socket = await this.open()
    const charts = this.all('chart').map(({ hash }) => hash)
    const token = tokenOf(this.address)
    this.send({ type: 'hello', version: 1, token, seen: { ...this.seen }, charts, ...hello })
    this.#socket = socket
    return this
  }

  /** Opens a connection and says nothing. */
  async open(): Promise<WebSocket> {
    const url = new URL(this.address)
    const socket = new WebSocket(`ws://${url.host}/stream`, {
      ...(this.options.origin === undefined ? {} : { origin: this.options.origin }),
    })
    this.#socket = socket
    socket.on('message', (data) => this.#take(JSON.parse(String(data)) as ServerMessage))
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve())
      socket.once('error', reject)
    })
    socket.on('error', () => {})
    return socket
  }

  send(message: unknown): void {
    this.#socket?.send(JSON.stringify(message))
  }

  /** Breaks the connection off. */
  async disconnect(): Promise<void> {
    const socket = this.#socket
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.terminate()
    await closed
  }

  all<Type extends ServerMessage['type']>(type: Type): Of<Type>[] {
    return this.messages.filter((message): message is Of<Type> => message.type === type)
  }

  /** All entries of a service, incarnations one after another. */
  of(key: string): Entry[] {
    const names = [...this.entries.keys()].sort()
    return names.flatMap((name) => this.entries.get(name) ?? []).filter((entry) => entry.key === key)
  }

  /** Resolves when it holds, now or after a message. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds()) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  #take(message: ServerMessage): void {
    this.messages.push(message)
    if (message.type === 'base') {
      this.states.set(message.key, message.state)
      this.#tellers.set(message.key, message.incarnation)
    }
    if (message.type === 'gap') {
      // What others have told is as good as before, and is not sent again.
      for (const [key, teller] of this.#tellers) if (teller === message.incarnation) this.states.delete(key)
      this.seen[message.incarnation] = message.to
    }
    if (message.type === 'entries') this.#entries(message)
    for (const look of this.#waiting) look()
  }

  #entries({ incarnation, entries }: Of<'entries'>): void {
    const known = this.entries.get(incarnation) ?? []
    this.entries.set(incarnation, known)
    for (const entry of entries) {
      const expected = (this.seen[incarnation] ?? 0) + 1
      if (entry.sequence !== expected) throw new Error(`${entry.sequence} came in the place of ${expected}`)
      known.push(entry)
      this.seen[incarnation] = entry.sequence
      const state = folded(this.states.get(entry.key), entry)
      if (state !== undefined) this.states.set(entry.key, state)
      this.#tellers.set(entry.key, incarnation)
    }
    const sequence = this.seen[incarnation] ?? 0
    if (this.options.acknowledges !== false) this.send({ type: 'ack', incarnation, sequence })
  }
}

/** The token in the fragment of an address. */
export const tokenOf = (address: string): string =>
  new URLSearchParams(new URL(address).hash.slice(1)).get('token') ?? ''
