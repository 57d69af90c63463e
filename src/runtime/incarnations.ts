import type { Clock } from '../ports/clock.js'

/**
 * Names for histories of sequences. None comes twice in one process, though its clock stands still or is set back:
 * a service that is removed and begun anew in the same millisecond is another.
 */
export class Incarnations {
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(private readonly clock: Clock) {}

  next(): string {
    this.#lastMs = Math.max(this.clock.now(), this.#lastMs + 1)
    return this.#lastMs.toString(36)
  }
}
