/** Where what stands in the server. The braces have a cluster keep all of a store on one of its servers. */
export class Places {
  readonly owner: string
  readonly lock: string
  /** Every key that has a checkpoint, in their order. */
  readonly index: string
  /** Every key of which something was set aside. */
  readonly asides: string
  readonly #prefix: string

  constructor(name: string) {
    this.#prefix = `{tardigrade:${name}}`
    this.owner = `${this.#prefix}:owner`
    this.lock = `${this.#prefix}:lock`
    this.index = `${this.#prefix}:keys`
    this.asides = `${this.#prefix}:asides`
  }

  /** The checkpoints of a key. */
  at(key: string): string {
    return `${this.#prefix}:at:${key}`
  }

  /** What was set aside of a key. */
  aside(key: string): string {
    return `${this.#prefix}:aside:${key}`
  }
}
