import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { TransferError } from './problem.js'

/** Whether the address is one of HTTPS, however its scheme is spelled. */
export const isSecure = (url: string): boolean => new URL(url).protocol === 'https:'

/** One HTTP request. */
export interface Exchange {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer
  readonly signal: AbortSignal
  /** Longest time without a byte either way, in ms. */
  readonly stallMs: number
  readonly agent?: Agent
}

const RETRY_AFTER_LIMIT_MS = 3_600_000

/**
 * Sends a request and resolves with the answer's head; its body is still to be read.
 *
 * `fetch` would not do: it follows 308, which here means “go on”, and it cannot tell a slow upload from one
 * that stands still.
 * @throws {TransferError} `network`, `server-busy`
 */
export async function exchange({ url, body, stallMs, ...options }: Exchange): Promise<IncomingMessage> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const send = isSecure(url) ? httpsRequest : httpRequest
    const request = send(url, { ...options, headers: { ...options.headers, ...lengthOf(body) } }, resolve)
    request.setTimeout(stallMs, () => request.destroy(new Error(`no byte for ${stallMs} ms`)))
    request.on('error', reject)
    request.end(body)
  }).catch((cause: unknown) => {
    throw networkError(url, cause)
  })
  const { statusCode: status = 0, headers } = response
  if (status >= 500 || status === 429 || status === 408) {
    response.resume()
    const retryAfterMs = retryAfterOf(headers['retry-after'])
    throw new TransferError('server-busy', `${originOf(url)} answered ${status}.`, retryAfterMs)
  }
  return response
}

/** What is wrong when a connection fails at any time. */
export function networkError(url: string, cause: unknown): TransferError {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause)
  return new TransferError(
    'network',
    `The connection to ${originOf(url)} failed: ${reason}.`,
    undefined,
    cause,
  )
}

/** Without the path and the query, which may hold a secret. */
export function originOf(url: string): string {
  return new URL(url).origin
}

function lengthOf(body: Buffer | undefined): { readonly 'content-length'?: string } {
  return body === undefined ? {} : { 'content-length': String(body.length) }
}

function retryAfterOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), RETRY_AFTER_LIMIT_MS) : undefined
}
