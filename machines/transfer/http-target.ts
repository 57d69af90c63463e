import { createHash } from 'node:crypto'
import { Agent as HttpAgent, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { exchange, isSecure, networkError, originOf } from './exchange.js'
import type { TransferPlan } from './input.js'
import { TransferError } from './problem.js'

const DEFAULT_STALL_MS = 30_000

/**
 * A server that takes resumable uploads as Google Cloud Storage, Drive and YouTube do:
 * `PUT` with `Content-Range: bytes 0-99/1000`; 308 with `Range: bytes=0-99` says how much it holds, 200 or 201
 * that all is there; an empty `PUT` whose range is a star instead of `0-99` asks.
 */
export class HttpTarget implements AsyncDisposable {
  readonly #agent: HttpAgent

  constructor(
    private readonly plan: TransferPlan,
    private readonly url: string,
    private readonly size: number,
    private readonly signal: AbortSignal,
  ) {
    this.#agent = new (isSecure(url) ? HttpsAgent : HttpAgent)({ keepAlive: true })
  }

  /** The server's word counts: it may hold the chunk whose answer was lost, or have lost what it held. */
  async held(known: number): Promise<number> {
    // A fresh upload replaces what may be there, so nobody is asked.
    if (known === 0 && this.size > 0) return 0
    return this.#put(`bytes */${this.size}`)
  }

  async write(at: number, chunk: Buffer): Promise<number> {
    const held = await this.#put(`bytes ${at}-${at + chunk.length - 1}/${this.size}`, chunk)
    if (held > at) return held
    throw new TransferError('server-busy', `${originOf(this.url)} kept nothing of what it was sent.`)
  }

  /**
   * The SHA-256 of what the server holds: as it says (`Repr-Digest`, RFC 9530), else of the file that it
   * gives back.
   */
  async sha256(onPiece: () => void): Promise<string> {
    const head = await this.#request('HEAD', { 'want-repr-digest': 'sha-256=10' })
    head.resume()
    const told = digestOf(head.headers['repr-digest'])
    if (told !== undefined) return told
    const whole = await this.#request('GET', {})
    if (whole.statusCode !== 200) {
      whole.resume()
      const problem = `${originOf(this.url)} tells no SHA-256 and does not give the file back (${whole.statusCode}).`
      throw new TransferError('cannot-verify', problem)
    }
    const hash = createHash('sha256')
    for await (const piece of this.#body(whole)) {
      hash.update(piece)
      onPiece()
    }
    return hash.digest('hex')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy()
  }

  async #put(range: string, body: Buffer = Buffer.alloc(0)): Promise<number> {
    const response = await this.#request('PUT', { 'content-range': range }, body)
    // Read to its end, so that the connection can be used again.
    for await (const _ of this.#body(response)) {
    }
    const { statusCode: status = 0, headers } = response
    if (status === 308) return heldOf(headers.range)
    if (status >= 200 && status < 300) return this.size
    if (status === 404 || status === 410) {
      throw new TransferError(
        'target-changed',
        `${originOf(this.url)} no longer knows this upload (${status}).`,
      )
    }
    throw new TransferError('refused', `${originOf(this.url)} refused the upload with ${status}.`)
  }

  #request(method: string, headers: Record<string, string>, body?: Buffer): Promise<IncomingMessage> {
    const { url, signal, plan } = this
    return exchange({
      method,
      url,
      headers: { ...plan.headers, ...headers },
      ...(body === undefined ? {} : { body }),
      signal,
      stallMs: plan.stallMs ?? DEFAULT_STALL_MS,
      agent: this.#agent,
    })
  }

  async *#body(response: IncomingMessage): AsyncGenerator<Buffer> {
    try {
      yield* response
    } catch (cause) {
      throw networkError(this.url, cause)
    }
  }
}

/** How many bytes from the start `Range: bytes=0-99` names; without one, none. */
function heldOf(range: string | undefined): number {
  const last = /^bytes=0-(\d+)$/.exec(range ?? '')?.[1]
  return last === undefined ? 0 : Number(last) + 1
}

function digestOf(header: string | string[] | undefined): string | undefined {
  const encoded = /(?:^|,)\s*sha-256=:([^:]+):/.exec(String(header ?? ''))?.[1]
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('hex')
}
