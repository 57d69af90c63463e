import { timerMs } from '../../platform/timer.js'
import { lost } from '../lost.js'
import type { Connection } from './connection.js'
import type { Places } from './places.js'
import { RENEW } from './scripts.js'

/** Which claim it is, and for how long its lock lasts without a sign of life, in ms. */
export interface Claimed {
  readonly epoch: number
  /** That of no other claim, where a server that has gone back gives the same epoch again. */
  readonly token: string
  readonly lockMs: number
}

/** Whether the store is still a claim's own; gives signs of life of it, by which it hears of another at rest, too. */
export class Standing {
  /** Resolves with why, once it is known to be another's. */
  readonly lost: Promise<Error>
  readonly #renewal: ReturnType<typeof setInterval>
  #resolve: (why: Error) => void = () => {}
  #current: number | undefined

  constructor(
    connection: Connection,
    { owner, lock }: Places,
    private readonly claimed: Claimed,
    private readonly location: string,
  ) {
    const { epoch, token, lockMs } = claimed
    this.lost = new Promise((resolve) => {
      this.#resolve = resolve
    })
    // A renewal that fails is followed by the next one, and every write renews as well.
    const renew = () => connection.once(RENEW, [owner, lock], [epoch, token, lockMs], false)
    this.#renewal = setInterval(
      () => {
        renew()
          .then((reply) => this.answerOf(reply))
          .catch(() => {})
      },
      timerMs(lockMs / 3),
    )
    this.#renewal.unref()
  }

  /** @throws {StaleEpochError | StoreDamagedError} it is known to be another's */
  check(): void {
    // Each who is told has an error of its own, in which stands whom it concerns.
    if (this.#current !== undefined) throw lost(this.location, this.claimed.epoch, this.#current)
  }

  /**
   * What a script that writes has answered.
   * @throws {StaleEpochError | StoreDamagedError} that the store is another's
   */
  answerOf(reply: unknown): string {
    // The cast says what the scripts return.
    const [word, answer] = reply as ['done' | 'lost', string]
    if (word === 'done') return answer
    this.#current ??= Number(answer)
    this.#resolve(lost(this.location, this.claimed.epoch, this.#current))
    this.end()
    throw lost(this.location, this.claimed.epoch, this.#current)
  }

  /** Gives no sign of life any more. */
  end(): void {
    clearInterval(this.#renewal)
  }
}
