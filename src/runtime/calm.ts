import { timerMs } from '../platform/timer.js'
import type { Clock } from '../ports/clock.js'
import type { Engine } from './engine.js'
import { Moments } from './moments.js'

/** What of a service is under way, and those who wait for the end of it: tasks, effects, commits. */
export class Calm {
  readonly #quiet = new Moments()
  readonly #settling = new Moments()

  constructor(
    private readonly engine: Pick<Engine, 'tree' | 'ledger' | 'intake' | 'holdsEffects'>,
    private readonly clock: Clock,
  ) {}

  /** Nothing runs, waits or is on its way. */
  get idle(): boolean {
    const { tree, ledger, intake } = this.engine
    return tree?.idle === true && !ledger.unwritten && intake.inbox.size === 0
  }

  /** Whether a living tree has nothing decided that is not durable and done, and no event waits. */
  get isSettled(): boolean {
    const { tree, ledger, intake } = this.engine
    const waits = intake.draining || intake.size > 0 || ledger.unwritten
    return !waits && tree?.status === 'active' && tree.effects.pending === 0
  }

  /** Resolves when everything decided is durable and every effect of the running tree is done. Tasks may go on. */
  async settled(): Promise<void> {
    const { engine } = this
    for (;;) {
      await engine.intake.durable()
      if (!engine.ledger.unwritten && (engine.tree?.effects.pending ?? 0) === 0) return
      await this.#settling.next()
    }
  }

  /** Resolves when no task or effect is under way, or at the deadline. */
  async quiet(deadlineMs: number): Promise<void> {
    if (!this.#busy) return
    const timer = this.clock.setTimer(() => this.#quiet.arrive(), timerMs(deadlineMs))
    await this.#quiet.next()
    this.clock.clearTimer(timer)
  }

  /** A turn has ended. */
  look(): void {
    if (!this.#busy) this.#quiet.arrive()
  }

  /** A task, an effect or a commit has ended, or all of them with the tree. */
  ended(): void {
    this.look()
    this.#settling.arrive()
  }

  get #busy(): boolean {
    const { tree, holdsEffects } = this.engine
    // An effect that is held back comes to an end in another life.
    return tree !== undefined && (holdsEffects ? tree.working : tree.busy)
  }
}
