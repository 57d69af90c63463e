import { type Adapter, missing } from './driver.js'

/** A WebSocket, of a browser or of `ws`, as far as this library uses it. */
export interface Socket {
  readonly bufferedAmount: number
  onerror: ((event: { readonly error?: unknown }) => void) | null
  addEventListener(type: 'open' | 'close', run: () => void): void
  close(): void
  /** Only `ws` has it: ends without a farewell. */
  terminate?(): void
  /** Only `ws` has it. */
  readonly _socket?: { unref?(): void } | null
}

/**
 * The socket of a WebSocket adapter that was started.
 *
 * The package keeps it to itself, and offers no other way to learn that a receiver is there or has gone, nor to end its
 * attempts to reach one, which hold a process alive for ever.
 * @throws {MissingDriverError} it is another version of the package, which has none there
 */
export function socketOf(adapter: Adapter): Socket {
  const socket: unknown = 'ws' in adapter ? adapter.ws : undefined
  if (!isSocket(socket)) throw missing(new Error('Its WebSocket adapter has no socket where 0.7 has it.'))
  return socket
}

function isSocket(value: unknown): value is Socket {
  return typeof value === 'object' && value !== null && 'addEventListener' in value && 'onerror' in value
}
