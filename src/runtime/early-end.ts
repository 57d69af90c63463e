import { SupervisorClosedError } from '../errors/service.js'
import type { StoreClaim } from '../ports/store.js'
import { Moments } from './moments.js'

const endedEarly = () =>
  new SupervisorClosedError({}, 'The platform ended before the supervisor had its store.')

/** The end of a supervisor that is not there yet: its store may be waited for, and its platform end before it is free. */
export class EarlyEnd {
  /** Whether the platform ends. */
  asked = false
  readonly #asking = new Moments()
  readonly #told = this.#asking.next()
  readonly #ending = new Moments()
  readonly #over = this.#ending.next()

  /** The platform ends; resolves when nothing is left of what had begun. */
  ask(): Promise<void> {
    this.asked = true
    this.#asking.arrive()
    return this.#over
  }

  /** Nothing is left of it. */
  over(): void {
    this.#ending.arrive()
  }

  /** @throws {SupervisorClosedError} the platform has ended */
  check(): void {
    if (this.asked) throw endedEarly()
  }

  /**
   * What is claimed, unless the platform ends before: what comes after that is given back.
   * @throws {SupervisorClosedError} the platform has ended
   */
  async unless<T extends StoreClaim>(claiming: Promise<T>): Promise<T> {
    const claim = await Promise.race([claiming, this.#told])
    if (claim !== undefined) return claim
    claiming.then((late) => late.close()).catch(() => {})
    throw endedEarly()
  }
}
