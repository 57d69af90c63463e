import type { Subject } from '../../ports/inspector.js'

/** Which services are shown: asked once for each while it is there; one for which it throws is not. */
export class Choice {
  /** By definition and key: one of another definition may come under the key of one that was removed. */
  readonly #known = new Map<string, Map<string, boolean>>()

  constructor(
    private readonly only: (of: Subject) => boolean,
    private readonly failed: (cause: unknown) => void,
  ) {}

  /** Whether it is shown, of one that tells something. */
  of({ definition, key }: Subject): boolean {
    let ofDefinition = this.#known.get(definition)
    if (ofDefinition === undefined) {
      ofDefinition = new Map()
      this.#known.set(definition, ofDefinition)
    }
    let known = ofDefinition.get(key)
    if (known === undefined) {
      known = this.#ask({ definition, key })
      ofDefinition.set(key, known)
    }
    return known
  }

  /** The same of one that may have been removed since: it is not remembered. */
  ofStored({ definition, key }: Subject): boolean {
    return this.#known.get(definition)?.get(key) ?? this.#ask({ definition, key })
  }

  /** It was removed. */
  forget({ definition, key }: Subject): void {
    const ofDefinition = this.#known.get(definition)
    ofDefinition?.delete(key)
    if (ofDefinition?.size === 0) this.#known.delete(definition)
  }

  #ask(of: Subject): boolean {
    try {
      return this.only(of)
    } catch (cause) {
      this.failed(cause)
      return false
    }
  }
}
