import type { TardigradeError } from '../../errors/base.js'
import { StoreFailedError } from '../../errors/store.js'
import { failureOf } from './failures.js'
import { giveUp } from './one-go.js'
import type { Database } from './open.js'
import type { TabLock } from './tab-lock.js'

/** The connection of a claim with its lock, and why they cannot be used any more. */
export class ClaimConnection {
  /** Resolves with why, once it has ended though nobody has closed it. */
  readonly lost: Promise<Error>
  #tell: (why: Error) => void = () => {}
  #why: (() => TardigradeError) | undefined

  constructor(
    readonly location: string,
    readonly database: Database,
    readonly lock: TabLock,
  ) {
    this.lost = new Promise((resolve) => {
      this.#tell = resolve
    })
  }

  /** Lets go of both, so that it keeps nobody waiting, and tells why. */
  end(why: () => TardigradeError): void {
    if (this.#why !== undefined) return
    this.#why = why
    this.release()
    const told = why()
    // What came under way before another has the store comes to its end.
    if (told instanceof StoreFailedError) giveUp(this.database, why)
    this.#tell(told)
  }

  release(): void {
    this.database.close()
    this.lock.release()
  }

  /** @throws {TardigradeError} it has ended */
  check(): void {
    // Each who is told has an error of its own, in which stands whom it concerns.
    if (this.#why !== undefined) throw this.#why()
  }

  /** What is told of an error that came over it. */
  failure(cause: unknown): TardigradeError {
    return this.#why?.() ?? failureOf(this.location, cause)
  }
}
