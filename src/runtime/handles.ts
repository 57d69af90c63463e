import type { Service } from './service.js'

/**
 * Sleeping services that somebody may still hold, by key, without keeping them in memory: one object per key,
 * and nothing for those that nobody holds.
 */
export class Handles {
  readonly #references = new Map<string, WeakRef<Service>>()
  readonly #collected = new FinalizationRegistry<string>((key) => {
    if (this.#references.get(key)?.deref() === undefined) this.#references.delete(key)
  })

  get(key: string): Service | undefined {
    return this.#references.get(key)?.deref()
  }

  add(service: Service): void {
    this.#references.set(service.key, new WeakRef(service))
    this.#collected.register(service, service.key)
  }

  delete(key: string): void {
    this.#references.delete(key)
  }
}
