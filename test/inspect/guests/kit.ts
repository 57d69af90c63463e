import { createSupervisor, type InspectOptions, type Supervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { WebSocket } from 'ws'
import { Client, tokenOf } from '../server/kit.js'

/** A supervisor without services that shows guests, and a client that looks. */
export async function showing(options: InspectOptions = {}) {
  const supervisor: Supervisor = await createSupervisor({
    store: memoryStore(),
    inspect: { port: 0, onListening: () => {}, ...options },
  })
  const address = supervisor.inspectAddress ?? ''
  const client = await new Client(address).connect()
  const end = async () => {
    await client.disconnect()
    await supervisor.close()
  }
  return { supervisor, client, address, end }
}

/** Where a guest connects. */
export function guestUrl(address: string, path: 'stately' | 'xstate', token = tokenOf(address)): string {
  return `ws://${new URL(address).host}/${path}?token=${encodeURIComponent(token)}`
}

/** How the connection of a guest was closed that was not let in. */
export async function turnedAway(url: string): Promise<readonly [code: number, reason: string]> {
  const socket = new WebSocket(url)
  return new Promise((resolve) =>
    socket.once('close', (code, reason) => resolve([code, String(reason)])).on('error', () => {}),
  )
}

/** A guest that sends whatever it is told to; undefined where it is not let in. */
export function guest(
  url: string,
  options: { readonly origin?: string } = {},
): Promise<WebSocket | undefined> {
  const socket = new WebSocket(url, options)
  return new Promise((resolve) => {
    // Whoever is refused is told so by the connection, before it answers anything.
    socket.once('open', () => socket.ping())
    socket.once('pong', () => resolve(socket))
    socket.once('close', () => resolve(undefined))
    socket.once('error', () => resolve(undefined))
  })
}
