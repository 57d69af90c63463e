import type { Clock } from '../ports/clock.js'
import { Moments } from './moments.js'

/** A platform timer beyond this fires at once. */
const LONGEST_GRACE_MS = 2 ** 31 - 1

/** Waits for the tasks and effects of a tree to come to an end. */
export class Calm {
  readonly #quiet = new Moments()
  readonly #settling = new Moments()

  constructor(
    private readonly clock: Clock,
    private readonly busy: () => boolean,
  ) {}

  /** Resolves when nothing is busy, or at the deadline. */
  async quiet(deadlineMs: number): Promise<void> {
    if (!this.busy()) return
    const timer = this.clock.setTimer(() => this.#quiet.arrive(), Math.min(deadlineMs, LONGEST_GRACE_MS))
    await this.#quiet.next()
    this.clock.clearTimer(timer)
  }

  /** Resolves when something has settled: look again. */
  change(): Promise<void> {
    return this.#settling.next()
  }

  /** A turn has ended. */
  look(): void {
    if (!this.busy()) this.#quiet.arrive()
  }

  /** A task, an effect or a commit has ended, or all of them with the tree. */
  settled(): void {
    this.look()
    this.#settling.arrive()
  }
}
