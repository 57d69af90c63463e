import type { Duplex } from 'node:stream'

const REASONS = { 403: 'Forbidden', 500: 'Internal Server Error', 503: 'Service Unavailable' } as const

/** Answers an upgrade to a WebSocket with a refusal. */
export function refuseUpgrade(socket: Duplex, status: keyof typeof REASONS): void {
  const answer = `HTTP/1.1 ${status} ${REASONS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
  // The HTTP server has let go of it, and would wait for an end that the other side need never send.
  socket.end(answer, () => socket.destroy())
}
