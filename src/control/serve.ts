import { realpathSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { timerMs } from '../platform/timer.js'
import type { Supervisor } from '../runtime/supervisor.js'
import { carryOut, toWire } from './answer.js'
import { pipeName } from './endpoint.js'
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

/**
 * Lets the `tardigrade` command and `callControl` reach this supervisor, over a socket in the store's folder
 * that only this user can open (on Windows a named pipe, which other users can read but not write).
 *
 * Call it in the process that owns the store, after `createSupervisor`: what an earlier owner left behind is
 * removed. The function that it resolves with stops listening at once, and resolves when the requests under
 * way are answered. Call it before or while the supervisor closes; where the process exits or a request `stop`,
 * of this socket or of an inspector's page, closes the supervisor, it is called for you.
 *
 * @param folder the store's folder
 * @throws {Error} the operating system's, where no socket can be made
 *
 * @example
 * ```ts
 * const supervisor = await createSupervisor({ store: sqliteStore('.tardigrade'), host: nodeHost() })
 * const stopControl = await serveControl(supervisor, '.tardigrade')
 * ```
 */
export async function serveControl(
  supervisor: Supervisor,
  folder: string,
  options: ServeControlOptions = {},
): Promise<() => Promise<void>> {
  const { keepAlive = false, graceMs = 5000 } = options
  const waiting = new Set<Socket>()
  const underWay = new Map<Socket, Promise<void>>()

  // A client may close its half after the request, as `nc` does, and still read the reply.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy())
    waiting.add(socket)
    const answered = answer(supervisor, socket, () => waiting.delete(socket))
    underWay.set(socket, answered)
    void answered.finally(() => underWay.delete(socket))
  })
  const file = await place(server, realpathSync(folder))
  if (!keepAlive) server.unref()

  const remove = () => file?.remove()
  // A host that ends the process after a signal asks nobody.
  process.once('exit', remove)

  const forget = onClosedByRequest(supervisor, () => void stop())

  async function stop(): Promise<void> {
    forget()
    process.off('exit', remove)
    remove()
    server.close()
    for (const socket of waiting) socket.destroy()
    await withinGrace([...underWay.values()], graceMs)
    for (const socket of underWay.keys()) socket.destroy()
  }
  return stop
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
