import { typeIn } from './reading.js'

/** Events from here that are remembered until the guest tells of them. */
const MOST_SENT = 100

/** What was sent to a guest from here: its protocol says of such an event that the actor which took it has sent it, too. */
export class SentEvents {
  readonly #sent: { readonly session: string; readonly type: string }[] = []

  /** An event is sent to the actor of this session. */
  note(session: string, event: unknown): void {
    this.#sent.push({ session, type: typeIn(event) })
    if (this.#sent.length > MOST_SENT) this.#sent.shift()
  }

  /** Whether an event that the guest tells of is one from here, of which it had not told yet. */
  take(session: string, source: string | undefined, event: unknown): boolean {
    if (source !== session) return false
    const type = typeIn(event)
    const at = this.#sent.findIndex((sent) => sent.session === session && sent.type === type)
    if (at !== -1) this.#sent.splice(at, 1)
    return at !== -1
  }
}
