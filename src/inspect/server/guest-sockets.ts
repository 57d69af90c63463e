import type { WebSocket } from 'ws'
import { reasonOf } from '../../errors/text-of.js'
import type { GuestProtocol, Guests } from '../guests/guests.js'
import type { Served } from './connection.js'
import { isOwnRequest, type RawHeaders } from './guard.js'

/** Where guests connect, each protocol at its own path. */
const PATHS: Readonly<Record<string, GuestProtocol>> = {
  '/stately': '@statelyai/inspect',
  '/xstate': '@xstate/inspect',
}

/** The protocol of a path that is for guests. */
export function guestProtocolAt(path: string): GuestProtocol | undefined {
  return Object.hasOwn(PATHS, path) ? PATHS[path] : undefined
}

/**
 * Whether a guest may come in: as for everybody, and it has the token in its URL, since its inspector sends nothing of ours. An
 * `origin` in the URL is that of an application whose messages our own page passes on.
 */
export function admitsGuest(url: string, headers: RawHeaders, port: number, served: Served): boolean {
  const { isToken, origins = [] } = served
  const given = new URLSearchParams(url.split('#', 1)[0]?.split('?').slice(1).join('?'))
  const passedOn = given.getAll('origin')
  return (
    isOwnRequest(headers, port, origins) &&
    isToken(given.get('token') ?? '') &&
    passedOn.every((origin) => origins.includes(origin))
  )
}

/** Lets a guest in. What it sends wrongly is shown, and ends nobody. */
export function welcomeGuest(client: WebSocket, protocol: GuestProtocol, guests: Guests): void {
  const line = guests.arrive(protocol, (text) => client.send(text, () => {}))
  client.on('message', (data, isBinary) => {
    if (isBinary) line.problem('It sent bytes, and no text')
    else line.receive(String(data))
  })
  // What is too large, or breaks the protocol of WebSockets: the package ends the connection.
  client.on('error', (error) => line.problem(`Its connection ended: ${reasonOf(error)}`))
  client.on('close', () => line.end())
}
