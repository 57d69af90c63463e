import { timerMs } from '../platform/timer.js'
import type { Clock } from '../ports/clock.js'

/** How long nothing may come of what is waited for once its time is over: half of the second that hosts leave us. */
const STALL_MS = 500

/** Waits for work that may hang: for ever, until somebody gives it a time; after that, only as long as something comes of it. */
export class Patience {
  #end = () => {}
  readonly #over = new Promise<void>((resolve) => {
    this.#end = resolve
  })
  readonly #timers: unknown[] = []
  #ended = false

  constructor(private readonly clock: Clock) {}

  /** Gives it so many ms from now, none where undefined. The earliest end counts, whoever gave it. */
  within(forMs: number | undefined): void {
    if (forMs === undefined || this.#ended) return
    this.#timers.push(this.clock.setTimer(this.#end, timerMs(forMs)))
  }

  /**
   * Whether the work is done in time.
   * @param progress how far the work has come; nobody knows where it is not given
   */
  async awaits(work: Promise<unknown>, progress = () => 0): Promise<boolean> {
    let timer: unknown
    let over = false
    const stall = async () => {
      await this.#over
      for (let seen = -1; !over && seen !== progress(); ) {
        seen = progress()
        await new Promise<void>((resolve) => {
          timer = this.clock.setTimer(resolve, STALL_MS)
        })
      }
      return false
    }
    try {
      return await Promise.race([work.then(() => true), stall()])
    } finally {
      over = true
      this.clock.clearTimer(timer)
    }
  }

  /** Nothing more is waited for. */
  end(): void {
    this.#ended = true
    for (const timer of this.#timers) this.clock.clearTimer(timer)
  }
}
