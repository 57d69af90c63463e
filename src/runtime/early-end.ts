import { SupervisorClosedError } from '../errors/service.js'
import type { Clock } from '../ports/clock.js'
import { Moments } from './moments.js'
import { Patience } from './patience.js'

const endedEarly = () =>
  new SupervisorClosedError(
    {},
    'The platform ended before the supervisor had its store.',
    'End the process; where it goes on, create another one on the same store.',
  )

/** The end of a supervisor that is not there yet: its store may be waited for, and its platform end before it is free. */
export class EarlyEnd {
  /** Whether the platform ends. */
  asked = false
  readonly #asking = new Moments()
  readonly #told = this.#asking.next()
  readonly #ending = new Moments()
  readonly #over = this.#ending.next()
  readonly #patience: Patience
  readonly #aborting = new AbortController()
  /** For the store, which may wait in a way of its own: it waits no more. */
  readonly signal: AbortSignal = this.#aborting.signal

  constructor(clock: Clock) {
    this.#patience = new Patience(clock)
  }

  /** The platform ends; resolves when nothing is left of what had begun, or soon after the deadline. The earliest one counts. */
  ask(deadlineMs: number | undefined): Promise<void> {
    this.asked = true
    this.#patience.within(deadlineMs)
    this.#asking.arrive()
    this.#aborting.abort(endedEarly())
    return this.#over
  }

  /** Waits for what gives back all that had begun, no longer than the platform leaves, and tells the platform. */
  async over(givingBack: Promise<unknown>): Promise<void> {
    await this.#patience.awaits(givingBack)
    this.#ending.arrive()
  }

  /** Waits for what remains, for half a second where it hangs. */
  async end(remaining: Promise<unknown>): Promise<void> {
    this.#patience.within(0)
    await this.#patience.awaits(remaining)
    this.#patience.end()
  }

  /** @throws {SupervisorClosedError} the platform has ended */
  check(): void {
    if (this.asked) throw endedEarly()
  }

  /**
   * What comes of the work, unless the platform ends before.
   * @param late is given what comes after that
   * @throws {SupervisorClosedError} the platform has ended
   */
  async unless<T>(work: Promise<T>, late: (what: T) => unknown = () => {}): Promise<T> {
    const first = await Promise.race([work.then((what) => ({ what })), this.#told])
    if (first !== undefined) return first.what
    work.then(late).catch(() => {})
    throw endedEarly()
  }
}
