import type { ClientMessage } from '../../../src/inspect/stream/message.js'
import type { TraceMessage } from '../../../src/inspect/stream/trace.js'

/** How the page is connected, as a person is told. */
export type Connection =
  | { readonly status: 'connecting' }
  | { readonly status: 'open' }
  /** Tries again by itself. */
  | { readonly status: 'lost'; readonly retryAtMs: number }
  /** Does not try again: the reason says what to do. */
  | { readonly status: 'refused'; readonly reason: string }
  /** A recorded trace, which is all there. */
  | { readonly status: 'recorded'; readonly name: string }

export interface Listener {
  /** `characters`: how long its text was. */
  message(message: TraceMessage, characters: number): void
  connection(connection: Connection): void
  /** Something came that is no message, or not in its order. */
  damaged(): void
  /** What the page has, for whoever is asked to go on from there. */
  seen(): { readonly seen: Readonly<Record<string, number>>; readonly charts: readonly string[] }
}

/** Where messages come from: a live server, or a file. */
export interface Transport {
  send(message: ClientMessage): void
  close(): void
}
