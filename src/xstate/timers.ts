import type { EventObject } from 'xstate'
import type { Clock } from '../ports/clock.js'
import type { TimerChange } from '../ports/inspector.js'
import type { InternalActor, InternalScheduler } from './internals.js'

/**
 * Longest time between two looks at the wall clock. A platform timer beyond 2^31 − 1 ms fires at once, and one of
 * any length is blind to a clock that was set and to a machine that slept.
 */
export const LONGEST_DELAY_MS = 60_000

export interface Timer {
  readonly source: InternalActor
  readonly target: InternalActor
  readonly event: EventObject
  readonly id: string
  readonly delayMs: number
  readonly dueAtMs: number
}

const slot = (source: InternalActor, id: string) => `${source.sessionId}.${id}`

/**
 * XState's scheduler, kept by us: due times on the wall clock, delays of any length, and one platform timer
 * for the whole tree.
 */
export class Timers implements InternalScheduler {
  readonly #timers = new Map<string, Timer>()
  #running = false
  #armed: { readonly atMs: number; readonly handle: unknown } | undefined
  #unnamed = 0

  constructor(
    private readonly clock: Clock,
    private readonly fire: (timer: Timer) => void,
    /** Hears of every timer; undefined where nobody inspects. */
    readonly observed?: ((change: TimerChange, timer: Timer) => void) | undefined,
  ) {}

  schedule(
    source: InternalActor,
    target: InternalActor,
    event: EventObject,
    delay: number,
    id?: string,
  ): void {
    // Numbered, not random: the same history gives the same ids.
    const name = id ?? this.#nextUnnamed(source)
    const delayMs = Number.isNaN(delay) ? 0 : Math.max(0, delay)
    this.#put({ source, target, event, id: name, delayMs, dueAtMs: this.clock.now() + delayMs }, 'set')
  }

  /** Takes a timer as it is, from a checkpoint. */
  adopt(timer: Timer): void {
    this.#put(timer, 'kept')
  }

  #put(timer: Timer, change: TimerChange): void {
    const key = slot(timer.source, timer.id)
    // Deleted first, so that a timer set again stands last among those due at the same time.
    this.#timers.delete(key)
    this.#timers.set(key, timer)
    this.observed?.(change, timer)
    if (this.#running && timer.dueAtMs < (this.#armed?.atMs ?? Number.POSITIVE_INFINITY)) this.#arm()
  }

  cancel(source: InternalActor, id: string): void {
    this.#cancel(slot(source, id))
  }

  cancelAll(source: InternalActor): void {
    for (const [key, timer] of this.#timers) if (timer.source === source) this.#cancel(key)
  }

  /** Cancels those whose source or target is no more: XState would send their event to an actor that has ended, and nothing would come of it. */
  cancelEnded(isThere: (actor: InternalActor) => boolean): void {
    for (const [key, timer] of this.#timers)
      if (![timer.source, timer.target].every(isThere)) this.#cancel(key)
  }

  #cancel(key: string): void {
    const timer = this.#timers.get(key)
    if (timer === undefined) return
    this.observed?.('cancelled', timer)
    this.#timers.delete(key)
    if (this.#timers.size === 0) this.#disarm()
  }

  start(): void {
    this.#running = true
    this.#arm()
  }

  stop(): void {
    this.#running = false
    this.#disarm()
  }

  all(): Iterable<Timer> {
    return this.#timers.values()
  }

  /** When the next one is due, in milliseconds since 1970. */
  get nextAtMs(): number | undefined {
    let atMs = Number.POSITIVE_INFINITY
    for (const { dueAtMs } of this.#timers.values()) atMs = Math.min(atMs, dueAtMs)
    // Nobody waits for an endless delay.
    return atMs === Number.POSITIVE_INFINITY ? undefined : atMs
  }

  #nextUnnamed(source: InternalActor): string {
    let name: string
    do name = `tardigrade.unnamed.${source.id}.${++this.#unnamed}`
    while (this.#timers.has(slot(source, name)))
    return name
  }

  #arm(): void {
    this.#disarm()
    const atMs = this.nextAtMs
    if (atMs === undefined) return
    const delayMs = Math.min(Math.max(0, atMs - this.clock.now()), LONGEST_DELAY_MS)
    this.#armed = { atMs, handle: this.clock.setTimer(() => this.#fireDue(), delayMs) }
  }

  #disarm(): void {
    if (this.#armed === undefined) return
    this.clock.clearTimer(this.#armed.handle)
    this.#armed = undefined
  }

  /** Fires what was due at that time, in the order of due times. */
  fireUntil(untilMs: number): void {
    const due = [...this.#timers].filter(([, { dueAtMs }]) => dueAtMs <= untilMs)
    due.sort(([, a], [, b]) => a.dueAtMs - b.dueAtMs)
    for (const [key, timer] of due) {
      // An earlier one of these may have cancelled it or set it anew.
      if (this.#timers.get(key) !== timer) continue
      this.#timers.delete(key)
      this.observed?.('fired', timer)
      this.fire(timer)
    }
  }

  #fireDue(): void {
    this.#armed = undefined
    this.fireUntil(this.clock.now())
    if (this.#running) this.#arm()
  }
}
