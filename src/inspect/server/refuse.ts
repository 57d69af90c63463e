import type { Duplex } from 'node:stream'

/** Answers an upgrade to a WebSocket with a refusal. */
export function refuseUpgrade(socket: Duplex, status: 403 | 503): void {
  const reason = status === 403 ? 'Forbidden' : 'Service Unavailable'
  const answer = `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`
  // The HTTP server has let go of it, and would wait for an end that the other side need never send.
  socket.end(answer, () => socket.destroy())
}
