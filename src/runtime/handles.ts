import type { Service } from './service.js'

/**
 * Services out of memory that somebody may still hold, by key, without keeping them in memory: one object per key,
 * and nothing for those that nobody holds.
 */
export class Handles {
  readonly #references = new Map<string, WeakRef<Service>>()
  /** Somebody hears of these without holding them. */
  readonly #kept = new Map<string, Service>()
  /** Hermes had none for long: there an entry stays, without its service, until its key comes again. */
  readonly #collected =
    typeof FinalizationRegistry === 'undefined'
      ? undefined
      : new FinalizationRegistry<string>((key) => {
          if (this.#references.get(key)?.deref() === undefined) this.#references.delete(key)
        })

  get(key: string): Service | undefined {
    return this.#references.get(key)?.deref()
  }

  add(service: Service): void {
    this.delete(service.key)
    this.#references.set(service.key, new WeakRef(service))
    this.#collected?.register(service, service.key, service)
  }

  /** Has one that is here stay in memory, or takes that back. */
  keep(service: Service, kept: boolean): void {
    if (kept && this.get(service.key) === service) this.#kept.set(service.key, service)
    else if (this.#kept.get(service.key) === service) this.#kept.delete(service.key)
  }

  /** Forgets all: nobody asks any more. V8 keeps what is registered until a full collection, whoever registered it. */
  clear(): void {
    for (const key of this.#references.keys()) this.delete(key)
  }

  delete(key: string): void {
    const service = this.get(key)
    this.#kept.delete(key)
    // One that sleeps and wakes often must not be registered each time anew.
    if (service !== undefined) this.#collected?.unregister(service)
    this.#references.delete(key)
  }
}
