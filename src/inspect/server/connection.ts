import type { Guests } from '../guests/guests.js'
import { problemFrom } from '../problem.js'
import type { Shown } from '../shown.js'
import type { Journal } from '../stream/journal.js'
import {
  type ClientHello,
  type ClientMessage,
  type ControlCommand,
  PROTOCOL_VERSION,
  type RefusalCode,
  type ServerHello,
  type ServerMessage,
} from '../stream/message.js'
import { readClientMessage } from './client-message.js'
import type { RefusedGuests } from './refused-guests.js'
import { Sender } from './sender.js'
import type { StoredWatch } from './stored-watch.js'

/** The longest message of a client, in characters. */
export const LONGEST_MESSAGE = 1024 * 1024
/** What may wait in a client's socket, in bytes. */
const MOST_BUFFERED_BYTES = 8 * 1024 * 1024

/** What a connection needs of its socket. */
export interface ClientSocket {
  readonly bufferedAmount: number
  /** `sent` is called when the text has left. */
  send(text: string | Uint8Array, sent: () => void): void
  close(code: number, reason: string): void
}

/** What is served to every client. */
export interface Served {
  readonly journal: Journal
  readonly stored: StoredWatch
  readonly hello: Omit<ServerHello, 'type' | 'version' | 'control'>
  isToken(given: string): boolean
  /** Somebody has said hello; resolves when the journal has all that there is. */
  arrives(): Promise<void>
  /** What of the recordings cannot be read, when they were. */
  unreadable?(): readonly unknown[]
  /** Carries a command out; undefined where the server is for reading only. */
  readonly control: ((command: ControlCommand) => Promise<Shown>) | undefined
  /** Texts of JSON beside the page, by their paths, which nobody guesses. */
  readonly files?: ReadonlyMap<string, string>
  /** Undefined where no other applications are shown. */
  readonly guests?: Guests
  /** Those that were not let in. */
  readonly refusedGuests?: RefusedGuests
  /** Origins of applications in a browser that may show themselves here. */
  readonly origins?: readonly string[]
}

const OTHER_TOKEN =
  'This address is of another server, or of this one before it was started again. Open the address that it has printed.'
const NO_HELLO = 'Say hello first, with the token of the address that the server printed.'

/** One client, from its hello to its end. What is wrong with it ends it alone. */
export class Connection {
  #sender: Sender | undefined
  /** Nothing newer is sent before what is older is there. */
  #ready = false
  #stopWatching = () => {}
  #ended = false

  constructor(
    private readonly socket: ClientSocket,
    private readonly served: Served,
  ) {}

  /** Whether it has said who it is. */
  get greeted(): boolean {
    return this.#sender !== undefined
  }

  /** A text came. */
  receive(text: string): void {
    if (this.#ended) return
    if (text.length > LONGEST_MESSAGE) {
      this.#refuse('TOO_LARGE', `It has ${text.length} characters; ${LONGEST_MESSAGE} are taken.`)
      return
    }
    const read = readClientMessage(text)
    if ('message' in read) this.#take(read.message)
    else if (read.refusal.code === 'UNKNOWN_TYPE' && this.greeted)
      this.#send({ type: 'refused', ...read.refusal })
    else if (this.greeted || read.refusal.code === 'MALFORMED') {
      this.#refuse(read.refusal.code, read.refusal.message)
    } else this.#refuse('TOKEN', NO_HELLO)
  }

  /** What was no text came. */
  receiveBytes(): void {
    this.#refuse('MALFORMED', 'Messages are texts.')
  }

  /** Sends what is new. */
  pump(): void {
    if (this.#ready && !this.#ended) this.#sender?.pump()
  }

  /** The client is gone, or is to go. */
  end(): void {
    this.#ended = true
    this.#stopWatching()
  }

  #take(message: ClientMessage): void {
    if (message.type === 'hello') this.#greet(message)
    else if (this.#sender === undefined) this.#refuse('TOKEN', NO_HELLO)
    else if (message.type === 'ack') {
      if (this.#sender.acknowledge(message)) this.pump()
      else this.#refuse('OUT_OF_ORDER', `Entry ${message.sequence} of ${message.incarnation} was not sent.`)
    } else if (message.type === 'history') void this.#history(message.id, message.key)
    else void this.#control(message.id, message.request)
  }

  #greet({ version, token, seen, charts = [] }: ClientHello): void {
    if (!this.served.isToken(token)) this.#refuse('TOKEN', OTHER_TOKEN)
    else if (this.greeted) this.#refuse('OUT_OF_ORDER', 'A connection has one hello.')
    else if (version !== PROTOCOL_VERSION) {
      this.#refuse('VERSION', `You speak version ${version}; this server speaks ${PROTOCOL_VERSION}.`)
    } else {
      const { journal, hello, control } = this.served
      this.#send({ type: 'hello', version: PROTOCOL_VERSION, ...hello, control: control !== undefined })
      const free = () => this.socket.bufferedAmount < MOST_BUFFERED_BYTES
      const sender = new Sender(journal, seen, charts, (text) => this.#sendText(text), free)
      this.#sender = sender
      void this.served.arrives().then(() => {
        this.#ready = true
        const problems = (this.served.unreadable?.() ?? []).map(problemFrom)
        if (problems.length > 0) this.#send({ type: 'recordings', problems })
        this.#send({ type: 'ends', sequences: sender.ends() })
        this.pump()
        if (!this.#ended) this.#watch()
      })
    }
  }

  #watch(): void {
    const { stored, refusedGuests } = this.served
    const ends = [
      stored.watch((told) => this.#sendText(told)),
      refusedGuests?.watch((refused) => this.#send({ type: 'refused-guests', refused })),
    ]
    this.#stopWatching = () => {
      for (const end of ends) end?.()
    }
  }

  async #history(id: number, key: string): Promise<void> {
    try {
      const checkpoints = await this.served.stored.history(key)
      this.#send({ type: 'history', id, key, checkpoints })
    } catch (error) {
      this.#send({ type: 'history', id, key, checkpoints: [], problem: problemFrom(error) })
    }
  }

  async #control(id: number, command: ControlCommand): Promise<void> {
    const { control } = this.served
    if (control === undefined) {
      const message = 'This server is for reading only. Start it with --control, or with control: true.'
      this.#send({ type: 'refused', code: 'CONTROL_OFF', message })
      return
    }
    try {
      this.#send({ type: 'controlled', id, ok: true, result: await control(command) })
    } catch (error) {
      this.#send({ type: 'controlled', id, ok: false, problem: problemFrom(error) })
    }
  }

  #refuse(code: RefusalCode, message: string): void {
    this.#send({ type: 'refused', code, message })
    this.end()
    this.socket.close(1008, code)
  }

  #send(message: ServerMessage): void {
    this.#sendText(JSON.stringify(message))
  }

  #sendText(text: string | Uint8Array): void {
    if (this.#ended) return
    this.socket.send(text, () => {
      // It may have waited for room.
      if (this.socket.bufferedAmount < MOST_BUFFERED_BYTES) this.pump()
    })
  }
}
