import type { Socket } from 'node:net'
import { timerMs } from '../platform/timer.js'
import { ControlTimeoutError, ControlTooLargeError } from './errors.js'
import { MAX_LINE_BYTES } from './protocol.js'

const NEWLINE = 0x0a

export interface LineOptions {
  readonly waitingFor: 'request' | 'reply'
  readonly timeoutMs: number
}

/**
 * The first line that arrives, without its end; undefined when the other side hangs up before it is whole.
 * @throws {ControlTooLargeError} it is longer than `MAX_LINE_BYTES`
 * @throws {ControlTimeoutError} it did not come in time
 */
export function readLine(socket: Socket, options: LineOptions): Promise<string | undefined> {
  const { waitingFor, timeoutMs } = options
  const chunks: Buffer[] = []
  let size = 0
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      socket.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onEnd)
      settle()
    }
    const onData = (chunk: Buffer) => {
      const end = chunk.indexOf(NEWLINE)
      const part = end < 0 ? chunk : chunk.subarray(0, end)
      size += part.length
      if (size > MAX_LINE_BYTES) return finish(() => reject(new ControlTooLargeError(MAX_LINE_BYTES)))
      chunks.push(part)
      if (end >= 0) finish(() => resolve(Buffer.concat(chunks).toString('utf8')))
    }
    const onEnd = () => finish(() => resolve(undefined))
    const timer = setTimeout(
      () => finish(() => reject(new ControlTimeoutError(waitingFor, timeoutMs))),
      timerMs(timeoutMs),
    )
    socket.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onEnd)
  })
}
