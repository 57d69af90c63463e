import type { Clock } from '../../ports/clock.js'

interface Timer {
  /** When, in milliseconds that have passed since the world began. */
  readonly atMs: number
  readonly run: () => void
  readonly process: ProcessClock
}

/** Where every simulation begins, in milliseconds since 1970. */
const BEGINNING_MS = Date.UTC(2030, 0, 1)

/** How many turns of the promise queue a yield waits: others come first, and no real timer is needed. */
const YIELD_TICKS = 8

/** So many timers may come due without any time between them. */
export const MOST_AT_ONCE = 1000

/** So many timers come due one after another while the clock on the wall stands; the rest of that time passes in one go. */
const MOST_STANDING = 100

const settled = Promise.resolve()

/** Lets that many turns of the promise queue pass. Nothing is awaited in between: there are hundreds in every plan. */
export function ticks(count: number): Promise<void> {
  return new Promise((resolve) => {
    let left = count
    const tick = () => {
      if (left-- > 0) void settled.then(tick)
      else resolve()
    }
    tick()
  })
}

/** The clock as one process sees it: when the process is gone, so are its timers. */
export interface ProcessClock extends Clock {
  forget(): void
}

/** How time passes. */
export interface Passing {
  /** The clock on the wall shows the same all the time. */
  readonly stands?: boolean
  /** Comes as soon as something was due, before its consequences have come to rest. */
  readonly onDue?: () => Promise<void>
}

/**
 * Time that stands still until it is told to go on, and nothing of which waits for the platform. Timers count what has
 * passed; the clock on the wall may stand meanwhile, or be set.
 */
export class SimulatedClock {
  readonly #timers = new Set<Timer>()
  #passedMs = 0
  #wallMs = BEGINNING_MS

  /** What the clock on the wall shows, in milliseconds since 1970. */
  now(): number {
    return this.#wallMs
  }

  process(): ProcessClock {
    const process: ProcessClock = {
      now: () => this.#wallMs,
      setTimer: (run, delayMs) => {
        const timer = { atMs: this.#passedMs + Math.max(0, delayMs), run, process }
        this.#timers.add(timer)
        return timer
      },
      // Only `setTimer` makes handles.
      clearTimer: (handle) => void this.#timers.delete(handle as Timer),
      yieldThen: (run) => void ticks(YIELD_TICKS).then(run),
      forget: () => {
        for (const timer of this.#timers) if (timer.process === process) this.#timers.delete(timer)
      },
    }
    return process
  }

  /** Whether a timer is due without any more time. */
  get isDue(): boolean {
    return this.#next(this.#passedMs) !== undefined
  }

  /** Lets time pass without firing anything, as when the process is frozen or not there. */
  jump(byMs: number): void {
    this.#pass(byMs, false)
  }

  /** The clock on the wall is set back; no time passes. */
  setBack(byMs: number): void {
    this.#wallMs -= byMs
  }

  /**
   * Fires what is due up to that time, in order, chained timers too; `calm` waits for what each brings about.
   * @returns false where timers come due again and again and no time passes: it has given up
   */
  async advance(
    byMs: number,
    calm: () => Promise<void>,
    { stands = false, onDue }: Passing = {},
  ): Promise<boolean> {
    const endMs = this.#passedMs + byMs
    let [atOnce, fired] = [0, 0]
    for (let due = this.#next(endMs); due !== undefined; due = this.#next(endMs)) {
      atOnce = due.atMs > this.#passedMs ? 0 : atOnce + 1
      if (atOnce > MOST_AT_ONCE) return false
      this.#timers.delete(due)
      // One that looks at a clock that stands begins again and again, and sees the same each time.
      const untilMs = stands && ++fired > MOST_STANDING ? endMs : due.atMs
      this.#pass(Math.max(0, untilMs - this.#passedMs), stands)
      due.run()
      if (onDue !== undefined) await onDue()
      await calm()
    }
    this.#pass(endMs - this.#passedMs, stands)
    await calm()
    return true
  }

  #pass(byMs: number, stands: boolean): void {
    this.#passedMs += byMs
    if (!stands) this.#wallMs += byMs
  }

  #next(endMs: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.atMs <= endMs && (next === undefined || timer.atMs < next.atMs)) next = timer
    }
    return next
  }
}
