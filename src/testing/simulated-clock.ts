import type { Clock } from '../ports/clock.js'

interface Timer {
  readonly atMs: number
  readonly run: () => void
}

/** Where every simulation begins, in milliseconds since 1970. */
export const BEGINNING_MS = Date.UTC(2030, 0, 1)

/** How many turns of the promise queue a yield waits: others come first, and no real timer is needed. */
const YIELD_TICKS = 8

/** Lets that many turns of the promise queue pass. */
export async function ticks(count: number): Promise<void> {
  for (let tick = 0; tick < count; tick++) await undefined
}

/** A clock that stands still until it is told to go on. Nothing of it waits for the platform. */
export class SimulatedClock implements Clock {
  #timers = new Set<Timer>()
  #nowMs = BEGINNING_MS

  now(): number {
    return this.#nowMs
  }

  setTimer(run: () => void, delayMs: number): Timer {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), run }
    this.#timers.add(timer)
    return timer
  }

  clearTimer(handle: unknown): void {
    // Only `setTimer` makes handles.
    this.#timers.delete(handle as Timer)
  }

  yieldThen(run: () => void): void {
    void ticks(YIELD_TICKS).then(run)
  }

  /** Lets time pass without firing anything, as when the process is frozen or not there. */
  jump(byMs: number): void {
    this.#nowMs += byMs
  }

  /** Fires what is due up to that time, in order, chained timers too; `calm` waits for what each brings about. */
  async advance(byMs: number, calm: () => Promise<void>): Promise<void> {
    const endMs = this.#nowMs + byMs
    for (let due = this.#next(endMs); due !== undefined; due = this.#next(endMs)) {
      this.#timers.delete(due)
      this.#nowMs = Math.max(this.#nowMs, due.atMs)
      due.run()
      await calm()
    }
    this.#nowMs = endMs
    await calm()
  }

  /** The process is gone, and its timers with it. */
  forget(): void {
    this.#timers.clear()
  }

  #next(endMs: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.atMs <= endMs && (next === undefined || timer.atMs < next.atMs)) next = timer
    }
    return next
  }
}
