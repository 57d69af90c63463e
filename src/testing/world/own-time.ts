import { platformTurnNumber } from '../platform-turn.js'
import type { Stage } from './stand-ins.js'

/**
 * One call of what runs as written: whether it goes on by a time of its own. All of the kit's goes from promise to promise,
 * so that what comes in another turn of the platform, and is no answer of the kit's, was waited for outside.
 */
export class OwnTime {
  #turn = platformTurnNumber()
  readonly #process: Stage['process']

  /** @param tell hears that it does */
  constructor(
    private readonly stage: Pick<Stage, 'process'>,
    private readonly ended: AbortSignal,
    private readonly tell: () => void,
  ) {
    this.#process = stage.process
  }

  /** It asks something of the kit, and goes on with the answer. */
  async during<T>(answer: Promise<T>): Promise<T> {
    this.#acts()
    try {
      return await answer
    } finally {
      this.#turn = platformTurnNumber()
    }
  }

  /** Runs what is the author's own, to its end. */
  async watch<T>(run: () => T): Promise<Awaited<T>> {
    this.#turn = platformTurnNumber()
    try {
      const result = await run()
      this.#acts()
      return result
    } catch (error) {
      // What an interruption ends early has not waited for anything else.
      if (!this.ended.aborted) this.#acts()
      throw error
    }
  }

  /** It does something; what a process that is gone still does is seen by nobody. */
  #acts(): void {
    const turn = platformTurnNumber()
    if (this.#turn !== turn && this.#process === this.stage.process) this.tell()
    this.#turn = turn
  }
}
