import { connect, type Socket } from 'node:net'
import { findEndpoint } from './endpoint.js'
import {
  ControlForbiddenError,
  ControlTooLargeError,
  InvalidRequestError,
  OwnerGoneError,
  OwnerUnreachableError,
} from './errors.js'
import { fromWire } from './from-wire.js'
import { readLine } from './line.js'
import { type ControlRequest, type ControlResult, MAX_LINE_BYTES, parseReply } from './protocol.js'

export interface CallControlOptions {
  /** How long to wait for the reply, in ms. Default: 30,000, and a request's own deadline on top. */
  readonly timeoutMs?: number
}

const DEFAULT_TIMEOUT_MS = 30_000

/**
 * Asks the process that owns the store in this folder, and resolves with its reply.
 *
 * @throws {OwnerUnreachableError} nobody listens there
 * @throws {OwnerGoneError | ControlTimeoutError} no reply came; the request may have been carried out
 * @throws {ControlForbiddenError} the socket is another user's
 * @throws {ControlTooLargeError} the request is longer than 1 MiB
 * @throws {RemoteError} the owner refused; `code` and `message` are its error's
 *
 * @example
 * ```ts
 * await callControl('.tardigrade', { type: 'send', key: 'invoice-7', event: { type: 'PAY' }, eventKey: 'e1' })
 * ```
 */
export async function callControl<Type extends ControlRequest['type']>(
  folder: string,
  request: Extract<ControlRequest, { type: Type }>,
  options: CallControlOptions = {},
): Promise<ControlResult<Type>> {
  const line = toLine(request)
  const deadlineMs =
    'deadlineMs' in request && typeof request.deadlineMs === 'number' ? request.deadlineMs : 0
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS + deadlineMs
  const socket = await open(folder, findEndpoint(folder))
  try {
    const answered = readLine(socket, { waitingFor: 'reply', timeoutMs })
    socket.write(line)
    const text = await answered
    if (text === undefined) throw new OwnerGoneError(folder)
    const reply = parseReply(text)
    if (!reply.ok) throw fromWire(reply.error)
    // An owner answers each type of request with its type of result.
    return reply.result as ControlResult<Type>
  } finally {
    socket.destroy()
  }
}

function toLine(request: ControlRequest): string {
  let line: string
  try {
    line = `${JSON.stringify(request)}\n`
  } catch (cause) {
    throw new InvalidRequestError('it cannot be written as JSON', { cause })
  }
  if (Buffer.byteLength(line) > MAX_LINE_BYTES) throw new ControlTooLargeError(MAX_LINE_BYTES)
  return line
}

function open(folder: string, path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.off('error', onError)
      // From here on the end of the connection tells.
      socket.on('error', () => {})
      resolve(socket)
    })
    const onError = (cause: NodeJS.ErrnoException) => {
      const facts = { cause }
      if (cause.code === 'EACCES' || cause.code === 'EPERM') {
        reject(new ControlForbiddenError(path, 'this user may not open it', facts))
      } else {
        reject(new OwnerUnreachableError(folder, 'nobody listens at its control socket', undefined, facts))
      }
    }
    socket.once('error', onError)
  })
}
