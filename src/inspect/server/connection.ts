import { problemFrom } from '../problem.js'
import {
  type ClientHello,
  type ClientMessage,
  type ControlCommand,
  PROTOCOL_VERSION,
  type Problem,
  type RefusalCode,
  type ServerMessage,
} from '../stream/message.js'
import { readClientMessage } from './client-message.js'
import { Readings } from './readings.js'
import { Sender } from './sender.js'
import type { ClientSocket, Served } from './served.js'

/** The longest message of a client, in characters. */
export const LONGEST_MESSAGE = 1024 * 1024
/** What may wait in a client's socket, in bytes. */
const MOST_BUFFERED_BYTES = 8 * 1024 * 1024
/** What may wait there of what cannot be held back, as what changes in the store: beyond it a client reads nothing. */
const MOST_UNREAD_BYTES = 32 * 1024 * 1024
/** Commands of one client that may be under way. */
const MOST_COMMANDS = 100

/** WebSocket's own code of what the server could not do. */
const FAILED = 1011

const OTHER_TOKEN =
  'This address is of another server, or of this one before it was started again. Open the address that it has printed.'
const TOO_MANY: Problem = {
  code: 'TOO_MANY',
  message: 'Too many requests of this client wait already. Ask again when one of them is answered.',
  remedy: 'Ask again when one of them is answered.',
}
const READS_NOTHING = 'More waits for you than is kept. Connect again, and read what comes.'
const NO_HELLO = 'Say hello first, with the token of the address that the server printed.'

/** One client, from its hello to its end. What is wrong with it ends it alone. */
export class Connection {
  #sender: Sender | undefined
  /** Nothing newer is sent before what is older is there. */
  #ready = false
  #stopWatching = () => {}
  #ended = false
  #commands = 0
  #most = MOST_UNREAD_BYTES
  readonly #readings: Readings

  constructor(
    private readonly socket: ClientSocket,
    private readonly served: Served,
  ) {
    this.#readings = new Readings(() => this.#isFree)
  }

  /** Whether it has said who it is. */
  get greeted(): boolean {
    return this.#sender !== undefined
  }

  /** A text came. */
  receive(text: string): void {
    this.#safely(() => this.#receive(text))
  }

  /** What was no text came. */
  receiveBytes(): void {
    this.#refuse('MALFORMED', 'Messages are texts.')
  }

  /** Sends what is new. */
  pump(): void {
    this.#safely(() => {
      if (this.#ready && !this.#ended) this.#sender?.pump()
    })
  }

  /** The client is gone, or is to go. */
  end(): void {
    this.#ended = true
    this.#stopWatching()
    this.#readings.end()
  }

  get #isFree(): boolean {
    return this.socket.bufferedAmount < MOST_BUFFERED_BYTES
  }

  /** Whatever it meets ends this client alone: services run in this process. */
  #safely(run: () => void): void {
    try {
      run()
    } catch (cause) {
      this.#fail(cause)
    }
  }

  readonly #fail = (cause: unknown): void => {
    this.end()
    this.socket.close(FAILED, 'INTERNAL')
    this.served.failed?.(cause)
  }

  #receive(text: string): void {
    if (this.#ended) return
    if (text.length > LONGEST_MESSAGE) {
      this.#refuse('TOO_LARGE', `It has ${text.length} characters; ${LONGEST_MESSAGE} are taken.`)
      return
    }
    const read = readClientMessage(text)
    if ('message' in read) this.#take(read.message)
    else if (read.refusal.code === 'UNKNOWN_TYPE' && this.greeted)
      this.#answer({ type: 'refused', ...read.refusal })
    else if (this.greeted || read.refusal.code === 'MALFORMED') {
      this.#refuse(read.refusal.code, read.refusal.message)
    } else this.#refuse('TOKEN', NO_HELLO)
  }

  #take(message: ClientMessage): void {
    if (message.type === 'hello') this.#greet(message)
    else if (this.#sender === undefined) this.#refuse('TOKEN', NO_HELLO)
    else if (message.type === 'ack') {
      if (this.#sender.acknowledge(message)) this.pump()
      else this.#refuse('OUT_OF_ORDER', `Entry ${message.sequence} of ${message.incarnation} was not sent.`)
    } else if (message.type === 'history') this.#history(message.id, message.key)
    else this.#control(message.id, message.request).catch(this.#fail)
  }

  #greet({ version, token, seen, charts = [] }: ClientHello): void {
    if (!this.served.isToken(token)) this.#refuse('TOKEN', OTHER_TOKEN)
    else if (this.greeted) this.#refuse('OUT_OF_ORDER', 'A connection has one hello.')
    else if (version !== PROTOCOL_VERSION) {
      this.#refuse('VERSION', `You speak version ${version}; this server speaks ${PROTOCOL_VERSION}.`)
    } else {
      const { journal, hello, control } = this.served
      this.#send({ type: 'hello', version: PROTOCOL_VERSION, ...hello, control: control !== undefined })
      const sendText = (text: string | Uint8Array) => this.#sendText(text)
      const sender = new Sender(journal, seen, charts, sendText, () => this.#isFree)
      this.#sender = sender
      const begin = () => {
        this.#ready = true
        const problems = (this.served.unreadable?.() ?? []).map(problemFrom)
        if (problems.length > 0) this.#send({ type: 'recordings', problems })
        this.#send({ type: 'ends', sequences: sender.ends() })
        this.pump()
        if (!this.#ended) this.#watch()
      }
      this.served.arrives().then(begin).catch(this.#fail)
    }
  }

  #watch(): void {
    const { stored, refusedGuests } = this.served
    this.#most += this.socket.bufferedAmount
    let isFirst = true
    const tell = (text: string, isComplete: boolean) => {
      if (isFirst) this.#tellFirst(text)
      else this.#tell(text)
      if (isComplete) isFirst = false
    }
    const ends = [
      stored.watch(tell),
      refusedGuests?.watch((refused) => this.#send({ type: 'refused-guests', refused })),
    ]
    this.#stopWatching = () => {
      for (const end of ends) end?.()
    }
  }

  #history(id: number, key: string): void {
    const isTaken = this.#readings.ask(() => this.#readHistory(id, key).catch(this.#fail))
    if (!isTaken) this.#answer({ type: 'history', id, key, checkpoints: [], problem: TOO_MANY })
  }

  async #readHistory(id: number, key: string): Promise<void> {
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
      this.#answer({ type: 'refused', code: 'CONTROL_OFF', message })
      return
    }
    if (this.#commands >= MOST_COMMANDS) {
      this.#answer({ type: 'controlled', id, ok: false, problem: TOO_MANY })
      return
    }
    this.#commands++
    try {
      this.#answer({ type: 'controlled', id, ok: true, result: await control(command) })
    } catch (error) {
      this.#answer({ type: 'controlled', id, ok: false, problem: problemFrom(error) })
    } finally {
      this.#commands--
    }
  }

  /** What is answered at once. */
  #answer(message: ServerMessage): void {
    this.#tell(JSON.stringify(message))
  }

  /** What is held back for nobody: whoever reads nothing is to go. */
  #tell(text: string): void {
    if (this.socket.bufferedAmount > this.#most) this.#refuse('TOO_MANY', READS_NOTHING)
    else this.#sendText(text)
  }

  /** What the store holds comes once, however much that is: the bound is for what waits beyond it. */
  #tellFirst(text: string): void {
    const before = this.socket.bufferedAmount
    this.#sendText(text)
    this.#most += this.socket.bufferedAmount - before
  }

  #refuse(code: RefusalCode, message: string): void {
    if (this.#ended) return
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
      if (!this.#isFree) return
      this.pump()
      this.#readings.goOn()
    })
  }
}
