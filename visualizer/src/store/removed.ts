import type { Service } from './service.js'

/** Removed services that are kept. */
export const MOST_REMOVED = 2000

/** Bounds how many services that were removed the page keeps: the newest by when they were, and those that somebody looks at. */
export class Removed {
  /** How many older ones were let go. */
  letGo = 0
  /** Oldest first. */
  readonly #kept = new Set<Service>()

  constructor(
    private readonly isLookedAt: (service: Service) => boolean,
    private readonly forget: (service: Service) => void,
  ) {}

  /** Something has happened to a service. */
  note(service: Service): void {
    if (service.state?.lifecycle !== 'removed') {
      this.#kept.delete(service)
      return
    }
    this.#kept.add(service)
    for (const oldest of this.#kept) {
      if (this.#kept.size <= MOST_REMOVED) break
      if (oldest === service || this.isLookedAt(oldest)) continue
      this.#kept.delete(oldest)
      this.forget(oldest)
      this.letGo++
    }
  }
}
