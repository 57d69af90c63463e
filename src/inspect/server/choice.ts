import type { Subject } from '../../ports/inspector.js'

interface Answer {
  readonly isShown: boolean
  /** The look through the store that has met it last; none is later where it tells itself that it is removed. */
  look: number
}

/** Which services are shown: asked once for each while it is there; one for which it throws is not. */
export class Choice {
  /** By definition and key: one of another definition may come under the key of one that was removed. */
  readonly #known = new Map<string, Map<string, Answer>>()
  #look = 0

  constructor(
    private readonly only: (of: Subject) => boolean,
    private readonly failed: (cause: unknown) => void,
  ) {}

  /** Whether it is shown, of one that tells something: it tells, too, that it was removed. */
  of(of: Subject): boolean {
    const answer = this.#answer(of)
    answer.look = Number.POSITIVE_INFINITY
    return answer.isShown
  }

  /** The same of one that the store holds. */
  ofStored(of: Subject): boolean {
    const answer = this.#answer(of)
    answer.look = Math.max(answer.look, this.#look)
    return answer.isShown
  }

  /** A look through the store has ended: what is known from the store alone, and was not met by one that met all, is there no more. */
  looked(hasMetAll: boolean): void {
    if (hasMetAll)
      for (const [definition, ofDefinition] of this.#known)
        for (const [key, { look }] of ofDefinition) if (look < this.#look) this.forget({ definition, key })
    this.#look++
  }

  /** It was removed. */
  forget({ definition, key }: Subject): void {
    const ofDefinition = this.#known.get(definition)
    ofDefinition?.delete(key)
    if (ofDefinition?.size === 0) this.#known.delete(definition)
  }

  #answer({ definition, key }: Subject): Answer {
    let ofDefinition = this.#known.get(definition)
    if (ofDefinition === undefined) {
      ofDefinition = new Map()
      this.#known.set(definition, ofDefinition)
    }
    let answer = ofDefinition.get(key)
    if (answer === undefined) {
      answer = { isShown: this.#ask({ definition, key }), look: this.#look }
      ofDefinition.set(key, answer)
    }
    return answer
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
