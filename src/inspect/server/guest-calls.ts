import { WebSocket } from 'ws'
import type { Clock } from '../../ports/clock.js'
import type { Guests } from '../guests/guests.js'
import { welcomeGuest } from './guest-sockets.js'
import { MOST_BYTES } from './limits.js'

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 5000

/**
 * Connects to applications that listen themselves, as `inspect({ server })` of `@xstate/inspect/lib/server.js` does: again whenever one is
 * not there or has gone. Returns what ends that. It keeps no process alive.
 */
export function callGuests(urls: readonly string[], guests: Guests, clock: Clock): () => void {
  const ends = urls.map((url) => call(url, guests, clock))
  return () => {
    for (const end of ends) end()
  }
}

function call(url: string, guests: Guests, clock: Clock): () => void {
  let retryMs = FIRST_RETRY_MS
  let retry: unknown
  let socket: WebSocket | undefined
  let ended = false
  function connect(): void {
    const client = new WebSocket(url, { maxPayload: MOST_BYTES, perMessageDeflate: false })
    socket = client
    client.on('upgrade', (response) => void response.socket.unref())
    client.on('open', () => {
      retryMs = FIRST_RETRY_MS
      welcomeGuest(client, '@xstate/inspect', guests)
      client.send(JSON.stringify({ type: 'xstate.inspecting' }))
    })
    // It ends the connection.
    client.on('error', () => {})
    client.on('close', () => {
      if (ended) return
      retry = clock.setTimer(connect, retryMs, true)
      retryMs = Math.min(LAST_RETRY_MS, retryMs * 2)
    })
  }
  connect()
  return () => {
    ended = true
    clock.clearTimer(retry)
    socket?.terminate()
  }
}
