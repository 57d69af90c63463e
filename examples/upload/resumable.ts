import { TransferError } from '../../machines/transfer/problem.js'

/** The server's side of `machines/transfer` over HTTP, as a page reaches it with `fetch`. */
export interface Upload {
  readonly address: string
  readonly size: number
  readonly signal: AbortSignal
}

/** How many bytes from the start the server holds. */
export const held = (upload: Upload) => put(upload, `bytes */${upload.size}`)

/** Sends a chunk; resolves with how many bytes from the start are safe then. */
export async function send(upload: Upload, at: number, chunk: Blob): Promise<number> {
  const safe = await put(upload, `bytes ${at}-${at + chunk.size - 1}/${upload.size}`, chunk)
  if (safe > at) return safe
  throw new TransferError('server-busy', 'The server kept nothing of what it was sent.')
}

/** The SHA-256 of what the server holds, in hexadecimal digits. */
export async function digest(upload: Upload): Promise<string> {
  const { headers } = await request(upload, { method: 'HEAD', headers: { 'want-repr-digest': 'sha-256=10' } })
  const base64 = /(?:^|,)\s*sha-256=:([^:]+):/.exec(headers.get('repr-digest') ?? '')?.[1]
  if (base64 === undefined) throw new TransferError('cannot-verify', 'The server tells no SHA-256.')
  return Array.from(atob(base64), (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('')
}

async function put(upload: Upload, range: string, body?: Blob): Promise<number> {
  const headers = { 'content-range': range }
  const { status, headers: told } = await request(upload, { method: 'PUT', headers, body: body ?? null })
  // 308 without an address to go to: more is to come.
  if (status !== 308) return upload.size
  const last = /^bytes=0-(\d+)$/.exec(told.get('range') ?? '')?.[1]
  return last === undefined ? 0 : Number(last) + 1
}

async function request({ address, signal }: Upload, init: RequestInit): Promise<Response> {
  const response = await fetch(address, { ...init, signal }).catch((cause: unknown) => {
    // What was cut off is no problem of the network.
    if (signal.aborted) throw cause
    throw new TransferError('network', 'The server cannot be reached.', undefined, cause)
  })
  const { status, ok } = response
  if (ok || status === 308) return response
  if (status === 404 || status === 410) {
    throw new TransferError('target-changed', `The server no longer knows this upload (${status}).`)
  }
  const kind = status === 408 || status === 429 || status >= 500 ? 'server-busy' : 'refused'
  throw new TransferError(kind, `The server answered with ${status}.`)
}
