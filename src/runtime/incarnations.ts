import type { CheckpointRecord } from '../checkpoint/record.js'
import type { Clock } from '../ports/clock.js'

/**
 * Names for histories of sequences, which keep apart effects that were decided under the same sequence. None comes
 * twice: not in one process, though its clock stands still or is set back; not in two on one store, since the second
 * has a greater epoch.
 */
export class Incarnations {
  #lastMs = Number.NEGATIVE_INFINITY
  /** Names of those that stepped back in this process: no checkpoint may say so yet. */
  readonly #steppedBack = new Map<string, string>()

  constructor(
    private readonly clock: Clock,
    private readonly epoch: number,
  ) {}

  /** For a service that begins. */
  begin(key: string): string {
    this.#steppedBack.delete(key)
    return this.#next()
  }

  /** The newest checkpoint of the key was set aside: its sequence comes again, with other effects. */
  stepBack(key: string): void {
    this.#steppedBack.set(key, this.#next())
  }

  /**
   * For a service that goes on from a checkpoint: its own, unless sequences after it may have been given out already, by
   * an earlier process (which may have stepped back and been killed) or before a step back.
   */
  goOn({ key, incarnation, epoch }: CheckpointRecord): string {
    const steppedBack = this.#steppedBack.get(key)
    if (steppedBack !== undefined) return steppedBack
    return epoch === this.epoch ? incarnation : this.#next()
  }

  #next(): string {
    this.#lastMs = Math.max(this.clock.now(), this.#lastMs + 1)
    return `${this.#lastMs.toString(36)}_${this.epoch.toString(36)}`
  }
}
