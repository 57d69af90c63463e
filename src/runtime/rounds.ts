import type { Actor } from 'xstate'
import type { lifecycleMachine } from '../service/lifecycle.js'
import type { Engine } from './engine.js'

/** Carries out the rounds of `checkpointing`: each brings what there is to the store, and answers the lifecycle. */
export class Rounds {
  constructor(
    private readonly lifecycle: Actor<typeof lifecycleMachine>,
    private readonly engine: Engine,
  ) {}

  async checkpoint(round: number): Promise<void> {
    this.engine.stopTimers()
    await this.#makeDurable(round)
  }

  /** Tells the tasks, waits for them until the deadline, and holds back what is decided from then on. */
  async interrupt(deadlineMs: number, round: number): Promise<void> {
    this.engine.stopTimers()
    await this.engine.quiet(deadlineMs)
    if (!this.#awaits(round)) return
    this.engine.holdEffects()
    await this.#makeDurable(round)
  }

  /** Whether the lifecycle still waits for the answer to this round. */
  #awaits(round: number): boolean {
    const { value, context } = this.lifecycle.getSnapshot()
    return value === 'checkpointing' && context.round === round
  }

  async #makeDurable(round: number): Promise<void> {
    if (!this.#awaits(round)) return
    try {
      this.engine.ledger.touch()
      await this.engine.ledger.durable()
      const { status } = this.lifecycle.getSnapshot()
      if (status === 'active') this.lifecycle.send({ type: 'lifecycle.durable', round })
    } catch {
      // The failure that kept it from becoming durable was told to the lifecycle.
    }
  }
}
