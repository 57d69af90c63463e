import { StoreClosedError } from '../errors/store.js'

/** Remembers whether a reader or a claim is still open. */
export interface Latch {
  /** @throws {StoreClosedError} it was closed */
  check(): void
  /** Closes it; false when it was closed before. */
  close(): boolean
}

/** An open latch for the store at this location. */
export function latch(location: string): Latch {
  let open = true
  return {
    check() {
      if (!open) throw new StoreClosedError(location)
    },
    close() {
      const wasOpen = open
      open = false
      return wasOpen
    },
  }
}
