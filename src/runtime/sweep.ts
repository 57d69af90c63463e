import { timerMs } from '../platform/timer.js'
import type { Clock } from '../ports/clock.js'

/** Lets go again and again of what was idle for so long, in ms; undefined for never. */
export function sweeping(
  clock: Clock,
  idleAfterMs: number | undefined,
  letGoIdle: (idleForMs: number) => void,
): Sweep | undefined {
  if (idleAfterMs === undefined) return undefined
  return new Sweep(clock, Math.max(1, idleAfterMs / 2), () => letGoIdle(idleAfterMs))
}

/** Runs something again and again until it is stopped, and keeps no process alive for that. */
export class Sweep {
  #timer: unknown

  constructor(
    private readonly clock: Clock,
    private readonly everyMs: number,
    private readonly run: () => void,
  ) {
    this.#schedule()
  }

  stop(): void {
    this.clock.clearTimer(this.#timer)
  }

  #schedule(): void {
    const sweep = () => {
      this.run()
      this.#schedule()
    }
    this.#timer = this.clock.setTimer(sweep, timerMs(this.everyMs), true)
  }
}
