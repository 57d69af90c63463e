import type { Clock } from '../ports/clock.js'
import { LONGEST_DELAY_MS } from '../xstate/timers.js'

/** Sleeping services and when each must wake: an index, and one platform timer for the earliest. */
export class Alarm {
  /** Infinity: only an event wakes it. */
  readonly #wakeAtMs = new Map<string, number>()
  #armed: { readonly atMs: number; readonly handle: unknown } | undefined

  constructor(
    private readonly clock: Clock,
    private readonly wake: (key: string) => void,
  ) {}

  get size(): number {
    return this.#wakeAtMs.size
  }

  keys(): Iterable<string> {
    return this.#wakeAtMs.keys()
  }

  has(key: string): boolean {
    return this.#wakeAtMs.has(key)
  }

  set(key: string, wakeAtMs: number | undefined): void {
    const atMs = wakeAtMs ?? Number.POSITIVE_INFINITY
    this.#wakeAtMs.set(key, atMs)
    if (atMs < (this.#armed?.atMs ?? Number.POSITIVE_INFINITY)) this.#arm(atMs)
  }

  delete(key: string): void {
    this.#wakeAtMs.delete(key)
  }

  /** Wakes nobody any more. */
  stop(): void {
    if (this.#armed !== undefined) this.clock.clearTimer(this.#armed.handle)
    this.#armed = undefined
  }

  #arm(atMs: number): void {
    if (this.#armed !== undefined) this.clock.clearTimer(this.#armed.handle)
    this.#armed = undefined
    if (atMs === Number.POSITIVE_INFINITY) return
    const delayMs = Math.min(Math.max(0, atMs - this.clock.now()), LONGEST_DELAY_MS)
    this.#armed = { atMs, handle: this.clock.setTimer(() => this.#ring(), delayMs) }
  }

  #ring(): void {
    this.#armed = undefined
    const now = this.clock.now()
    const due: string[] = []
    let next = Number.POSITIVE_INFINITY
    for (const [key, atMs] of this.#wakeAtMs) {
      if (atMs <= now) due.push(key)
      else next = Math.min(next, atMs)
    }
    // Whoever is woken leaves the index by itself.
    this.#arm(next)
    for (const key of due) this.wake(key)
  }
}
