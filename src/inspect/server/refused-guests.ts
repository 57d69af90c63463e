import { GuestRefusedError } from '../../errors/inspect.js'
import type { GuestProtocol } from '../guests/guests.js'
import type { RefusedGuest } from '../stream/message.js'

/**
 * Guests that were not let in since they have no token, or another one. Each cause is told once until one of its protocol is let in:
 * whoever tries again and again, or says so much, fills nothing.
 */
export class RefusedGuests {
  #refused: readonly RefusedGuest[] = []
  readonly #listeners = new Set<(refused: readonly RefusedGuest[]) => void>()

  /** @param failed is told what a person should hear */
  constructor(private readonly failed: (error: GuestRefusedError) => void) {}

  refuse(guest: GuestProtocol, token: RefusedGuest['token']): void {
    if (this.#refused.some((known) => known.guest === guest && known.token === token)) return
    this.#change([...this.#refused, { guest, token }])
    this.failed(new GuestRefusedError(guest, token))
  }

  /** One was let in: what there was to say of its protocol is over. */
  admit(guest: GuestProtocol): void {
    const left = this.#refused.filter((known) => known.guest !== guest)
    if (left.length < this.#refused.length) this.#change(left)
  }

  /** Tells who was refused, where somebody was, and from then on what changes. Returns what ends that. */
  watch(listener: (refused: readonly RefusedGuest[]) => void): () => void {
    if (this.#refused.length > 0) listener(this.#refused)
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #change(refused: readonly RefusedGuest[]): void {
    this.#refused = refused
    for (const listener of this.#listeners) listener(refused)
  }
}
