import { createServer, type Server, type Socket } from 'node:net'
import { timerMs } from '../platform/timer.js'
import type { Supervisor } from '../runtime/supervisor.js'
import { carryOut, toWire } from './answer.js'
import { pipeName } from './endpoint.js'
import { ControlUnavailableError } from './errors.js'
import { readLine } from './line.js'
import { onClosedByRequest } from './listening.js'
import { type ControlReply, MAX_LINE_BYTES, parseRequest } from './protocol.js'
import { placeSocket, type SocketFile } from './socket-file.js'

export interface ServeControlOptions {
  /** Whether listening keeps the process alive, as for a service that waits for events. Default: false. */
  readonly keepAlive?: boolean
  /** How long requests under way may take when listening stops, in ms. Default 5000. */
  readonly graceMs?: number
}

/** How long a connection may take to say what it wants, in ms. */
const REQUEST_TIMEOUT_MS = 10_000

/** How long a connection is kept after its reply, so that the reply is read before it ends, in ms. */
const LINGER_MS = 1000

/** Takes requests for a supervisor, until all who have joined have left. */
export class Listener {
  /** Rejects where no socket can be made. */
  readonly ready: Promise<void>
  private readonly waiting = new Set<Socket>()
  private readonly underWay = new Map<Socket, Promise<void>>()
  private readonly joined = new Set<Required<ServeControlOptions>>()
  private readonly server: Server
  private file: SocketFile | undefined
  private ended: Promise<void> | undefined
  private forget = () => {}

  /** @param onEnd called as it stops listening */
  constructor(
    private readonly supervisor: Supervisor,
    folder: string,
    private readonly onEnd: () => void,
  ) {
    // A client may close its half after the request, as `nc` does, and still read the reply.
    this.server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => socket.destroy())
      this.waiting.add(socket)
      const answered = answer(supervisor, socket, () => this.waiting.delete(socket))
      this.underWay.set(socket, answered)
      void answered.finally(() => this.underWay.delete(socket))
    })
    this.ready = this.begin(folder)
  }

  /** Whoever has joined calls the function that this gives to leave. */
  join(options: Required<ServeControlOptions>): () => Promise<void> {
    this.joined.add(options)
    this.keepProcess()
    return async () => {
      if (this.joined.size === 1 && this.joined.has(options)) return this.end()
      this.joined.delete(options)
      this.keepProcess()
      await this.ended
    }
  }

  private keepProcess(): void {
    if ([...this.joined].some(({ keepAlive }) => keepAlive)) this.server.ref()
    else this.server.unref()
  }

  private async begin(folder: string): Promise<void> {
    try {
      this.file = await place(this.server, folder)
    } catch (cause) {
      throw new ControlUnavailableError(folder, { cause })
    }
    // A host that ends the process after a signal asks nobody.
    process.once('exit', this.remove)
    this.forget = onClosedByRequest(this.supervisor, () => void this.end())
  }

  private readonly remove = () => this.file?.remove()

  private end(): Promise<void> {
    this.ended ??= this.stop(Math.max(...[...this.joined].map(({ graceMs }) => graceMs)))
    return this.ended
  }

  private async stop(graceMs: number): Promise<void> {
    this.onEnd()
    this.forget()
    process.off('exit', this.remove)
    this.remove()
    this.server.close()
    for (const socket of this.waiting) socket.destroy()
    await withinGrace([...this.underWay.values()], graceMs)
    for (const socket of this.underWay.keys()) socket.destroy()
  }
}

async function place(server: Server, folder: string): Promise<SocketFile | undefined> {
  if (process.platform !== 'win32') return placeSocket(folder, (path) => listen(server, path))
  await listen(server, pipeName(folder))
  return undefined
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** One connection: one request, one reply; `begun` is called when the request is there. */
async function answer(supervisor: Supervisor, socket: Socket, begun: () => void): Promise<void> {
  let reply: ControlReply
  try {
    const line = await readLine(socket, { waitingFor: 'request', timeoutMs: REQUEST_TIMEOUT_MS })
    begun()
    if (line === undefined) return void socket.destroy()
    const request = parseRequest(line)
    reply = { ok: true, result: await carryOut(supervisor, request, 'socket') }
  } catch (error) {
    begun()
    reply = { ok: false, error: toWire(error) }
  }
  await hangUp(socket, reply)
}

async function hangUp(socket: Socket, reply: ControlReply): Promise<void> {
  const text = JSON.stringify(reply)
  const tooLong = Buffer.byteLength(text) >= MAX_LINE_BYTES
  const line = tooLong
    ? '{"ok":false,"error":{"code":"CONTROL_TOO_LARGE","message":"The reply is too long."}}'
    : text
  // What a client still writes flows on to nobody: closing on unread bytes would take the reply with it.
  await new Promise<void>((resolve) => {
    socket.once('close', resolve)
    socket.end(`${line}\n`, resolve)
  })
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

async function withinGrace(work: readonly Promise<void>[], graceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timerMs(graceMs))
  })
  await Promise.race([Promise.all(work), grace])
  clearTimeout(timer)
}
