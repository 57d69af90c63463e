import type { Guests } from '../guests/guests.js'
import type { Shown } from '../shown.js'
import type { Journal } from '../stream/journal.js'
import type { ControlCommand, ServerHello } from '../stream/message.js'
import type { RefusedGuests } from './refused-guests.js'
import type { StoredWatch } from './stored-watch.js'

/** What a connection needs of its socket. */
export interface ClientSocket {
  readonly bufferedAmount: number
  /** `sent` is called when the text has left. */
  send(text: string | Uint8Array, sent: () => void): void
  close(code: number, reason: string): void
}

/** What is served to every client. */
export interface Served {
  readonly journal: Journal
  readonly stored: StoredWatch
  readonly hello: Omit<ServerHello, 'type' | 'version' | 'control'>
  isToken(given: string): boolean
  /** Somebody has said hello; resolves when the journal has all that there is. */
  arrives(): Promise<void>
  /** What of the recordings cannot be read, when they were. */
  unreadable?(): readonly unknown[]
  /** Carries a command out; undefined where the server is for reading only. */
  readonly control: ((command: ControlCommand) => Promise<Shown>) | undefined
  /** Texts of JSON beside the page, by their paths, which nobody guesses. */
  readonly files?: ReadonlyMap<string, string>
  /** Undefined where no other applications are shown. */
  readonly guests?: Guests
  /** Those that were not let in. */
  readonly refusedGuests?: RefusedGuests
  /** Is told what was met with a client or a request, of which nobody else hears. */
  readonly failed?: (cause: unknown) => void
  /** Origins of applications in a browser that may show themselves here. */
  readonly origins?: readonly string[]
}
