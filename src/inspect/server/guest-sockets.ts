import type { WebSocket } from 'ws'
import { reasonOf } from '../../errors/text-of.js'
import type { GuestProtocol, Guests } from '../guests/guests.js'
import { isOwnRequest, type RawHeaders } from './guard.js'
import type { Served } from './served.js'

/** Where guests connect, each protocol at its own path. */
const PATHS: Readonly<Record<string, GuestProtocol>> = {
  '/stately': '@statelyai/inspect',
  '/xstate': '@xstate/inspect',
}

/** The protocol of a path that is for guests. */
export function guestProtocolAt(path: string): GuestProtocol | undefined {
  return Object.hasOwn(PATHS, path) ? PATHS[path] : undefined
}

/** What keeps a guest out: it is none of ours at all, or has no token, or another one. */
export type GuestRefusal = 'foreign' | 'none' | 'other'

/**
 * Why a guest may not come in; undefined where it may: as for everybody, and it has the token in its URL, since its inspector sends nothing
 * of ours. An `origin` in the URL is that of an application whose messages our own page passes on.
 */
export function guestRefusal(
  url: string,
  headers: RawHeaders,
  port: number,
  served: Served,
): GuestRefusal | undefined {
  const { isToken, origins = [] } = served
  const given = new URLSearchParams(url.split('#', 1)[0]?.split('?').slice(1).join('?'))
  const passedOn = given.getAll('origin')
  if (!isOwnRequest(headers, port, origins) || !passedOn.every((origin) => origins.includes(origin)))
    return 'foreign'
  const token = given.get('token') ?? ''
  if (token === '') return 'none'
  return isToken(token) ? undefined : 'other'
}

/** For whoever reads why their connection was closed; 123 bytes at most. */
const REASONS: Readonly<Record<Exclude<GuestRefusal, 'foreign'>, string>> = {
  none: 'No token: end the URL with ?token= and the token of the address that tardigrade printed.',
  other: 'Another token: take that of the address that tardigrade printed, with ?token=.',
}
/** WebSocket's own code of a policy that was not kept. */
const POLICY = 1008
/** How long one that was refused may take to go. */
const LEAVE_MS = 1000

/** Closes a connection with what to do: its own application can say that, where a refusal of HTTP would be told to nobody. */
export function turnAway(client: WebSocket, refusal: Exclude<GuestRefusal, 'foreign'>): void {
  client.on('error', () => {})
  client.close(POLICY, REASONS[refusal])
  setTimeout(() => client.terminate(), LEAVE_MS).unref()
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
