import type { Clock } from 'tardigrade'

interface Timer {
  readonly atMs: number
  readonly run: () => void
}

/** A clock that stands still until it is told to go on; it fires what is due in order, chained timers too. */
export class ManualClock implements Clock {
  #timers = new Set<Timer>()
  #yielding: (() => void)[] | undefined

  constructor(private nowMs = 1_000_000) {}

  now(): number {
    return this.nowMs
  }

  setTimer(run: () => void, delayMs: number): Timer {
    // As platforms do it: what no timer can hold is no time at all.
    const waitMs = delayMs < 2 ** 31 ? Math.max(0, delayMs) : 0
    const timer = { atMs: this.nowMs + waitMs, run }
    this.#timers.add(timer)
    return timer
  }

  clearTimer(handle: unknown): void {
    // Only `setTimer` makes handles.
    this.#timers.delete(handle as Timer)
  }

  yieldThen(run: () => void): void {
    if (this.#yielding === undefined) setImmediate(run)
    else this.#yielding.push(run)
  }

  /** From now on whoever yields to the platform waits until `letYielding`, as on a busy one. */
  holdYielding(): void {
    this.#yielding ??= []
  }

  /** The platform's turn is over: those who have yielded so far go on. */
  letYielding(): void {
    for (const run of this.#yielding?.splice(0) ?? []) run()
  }

  get pending(): number {
    return this.#timers.size
  }

  /** Lets time pass without firing anything, as when the process is not there. */
  jump(byMs: number): void {
    this.nowMs += byMs
  }

  /** Lets time pass and fires what becomes due. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.nowMs + byMs
    for (;;) {
      const due = [...this.#timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0]
      if (due === undefined) break
      this.#timers.delete(due)
      this.nowMs = Math.max(this.nowMs, due.atMs)
      due.run()
      await settle()
    }
    this.nowMs = endMs
    await settle()
  }
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}

/** Lets some microtasks run: a moment of its own for each number. */
export async function microtasks(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve()
}
