import type { Store } from 'tardigrade'
import { Gate } from '../kit/gate.js'

/** Owners of one store, of which those who have lost it act no more until another has it: as processes that are killed, and wake. */
export class Succession {
  readonly #dead: Gate[] = []
  #living = new Gate()

  /** For another store over the same data, through which all that it does must pass. */
  get gate(): Gate {
    return this.#living
  }

  /** Whoever has the store is dead from now on. */
  fall(): void {
    this.#living.shut()
    this.#dead.push(this.#living)
    this.#living = new Gate()
  }

  /** The store, whose claim wakes the dead. */
  succeeding(store: Store): Store {
    return {
      ...store,
      claim: async () => {
        const claim = await store.claim()
        for (const gate of this.#dead.splice(0)) gate.open()
        return claim
      },
    }
  }
}
