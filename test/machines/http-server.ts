import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What a request meets instead of a good answer. The faults of real servers, in this model:
 * - `answer`: it refuses; the request is not handled
 * - `reset: 'at-once'`: the connection breaks; the request is not handled
 * - `reset: 'in-body'`: it breaks after so many bytes of the body; the handler gets those, `cutOff` true
 * - `reset: 'in-answer'`: the request is handled, and the connection breaks before its answer
 * - `stall`: nothing happens until `release()`, before or after the request is handled
 */
export type Fault =
  | { readonly answer: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly reset: 'at-once' | 'in-answer' }
  | { readonly reset: 'in-body'; readonly afterBytes: number }
  | { readonly stall: 'before' | 'after' }

/** A request as the handler gets it, and as the log keeps it. */
export interface SeenRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** Only the beginning of the body came. */
  readonly cutOff: boolean
  /** What it met; undefined for a good answer. */
  readonly fault: Fault | undefined
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** A real server on loopback, to be disturbed on command. */
export interface FaultyServer extends AsyncDisposable {
  /** Such as `http://127.0.0.1:40123`; the same after a restart. */
  readonly url: string
  /** Every request whose body was read, in order, whatever became of it. */
  readonly requests: readonly SeenRequest[]
  /** The next requests meet these, one each; after them all goes well again. */
  fail(...faults: readonly Fault[]): void
  /** Resolves when a request matches, at once when one did already. */
  sees(matches: (request: SeenRequest) => boolean): Promise<SeenRequest>
  /** Lets what stalls go on. */
  release(): void
  /** Breaks every connection and refuses new ones, as a server that went down. */
  stop(): Promise<void>
  /** Comes up again, at the same address. */
  start(): Promise<void>
}

/**
 * Starts a server that answers with `handle`.
 *
 * @example
 * ```ts
 * await using server = await faultyServer(({ body }) => ({ status: 201, body }))
 * server.fail({ answer: 500 }, { reset: 'in-answer' })
 * ```
 */
export async function faultyServer(
  handle: (request: SeenRequest) => Answer | Promise<Answer>,
): Promise<FaultyServer> {
  const faults: Fault[] = []
  const requests: SeenRequest[] = []
  const watchers = new Set<() => void>()
  const stalled: (() => void)[] = []
  const stall = () => new Promise<void>((resolve) => stalled.push(resolve))
  const release = () => {
    for (const go of stalled.splice(0)) go()
  }

  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const fault = faults.shift()
    const seen = await read(request, fault)
    requests.push(seen)
    for (const watch of [...watchers]) watch()
    if (fault !== undefined && 'stall' in fault && fault.stall === 'before') await stall()
    if (fault !== undefined && 'answer' in fault) {
      response.writeHead(fault.answer, fault.headers).end()
      return
    }
    if (fault === undefined || !('reset' in fault) || fault.reset !== 'at-once') {
      const answer = await handle(seen)
      if (fault === undefined || 'stall' in fault) {
        if (fault?.stall === 'after') await stall()
        response.writeHead(answer.status, answer.headers).end(answer.body)
        return
      }
    }
    request.socket.resetAndDestroy()
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy())
  })
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  const stop = () =>
    new Promise<void>((resolve) => {
      release()
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await listen(0)
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    fail: (...more) => void faults.push(...more),
    release,
    stop,
    start: () => listen(port),
    sees: (matches) =>
      new Promise((resolve) => {
        const watch = () => {
          const found = requests.find(matches)
          if (found === undefined) return
          watchers.delete(watch)
          resolve(found)
        }
        watchers.add(watch)
        watch()
      }),
    [Symbol.asyncDispose]: stop,
  }
}

/** Reads the body, or as much of it as the fault lets through. */
async function read(request: IncomingMessage, fault: Fault | undefined): Promise<SeenRequest> {
  const cutAt =
    fault !== undefined && 'reset' in fault && fault.reset === 'in-body'
      ? fault.afterBytes
      : Number.POSITIVE_INFINITY
  const pieces: Buffer[] = []
  let length = 0
  // Without this, leaving the loop would close the socket in its own, polite way.
  for await (const piece of request.iterator({ destroyOnReturn: false })) {
    pieces.push(piece)
    length += piece.length
    if (length >= cutAt) break
  }
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers,
    body: Buffer.concat(pieces).subarray(0, Math.min(length, cutAt)),
    cutOff: length >= cutAt,
    fault,
  }
}
