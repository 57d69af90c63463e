import { type ProcessClock, ticks } from '../world/clock.js'
import type { Told } from './messages.js'

/** How many turns of the promise queue a yield waits, as on the simulated clock. */
const YIELD_TICKS = 8

/** The clock of a process whose time another one keeps. */
export class ToldClock implements ProcessClock {
  readonly #timers = new Map<number, () => void>()
  #nowMs = 0
  #made = 0

  constructor(private readonly tell: (told: Told) => void) {}

  /** What the clock on the wall shows from now on, in ms since 1970. */
  set(nowMs: number): void {
    this.#nowMs = nowMs
  }

  /** A timer is due. */
  fire(timer: number): void {
    const run = this.#timers.get(timer)
    this.#timers.delete(timer)
    run?.()
  }

  now(): number {
    return this.#nowMs
  }

  setTimer(run: () => void, delayMs: number): unknown {
    const timer = this.#made++
    this.#timers.set(timer, run)
    this.tell({ tells: 'timer', timer, delayMs })
    return timer
  }

  clearTimer(handle: unknown): void {
    // Only `setTimer` makes handles.
    if (this.#timers.delete(handle as number)) this.tell({ tells: 'noTimer', timer: handle as number })
  }

  yieldThen(run: () => void): void {
    void ticks(YIELD_TICKS).then(run)
  }

  forget(): void {
    this.#timers.clear()
  }
}
