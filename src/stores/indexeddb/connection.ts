import type { TardigradeError } from '../../errors/base.js'
import { StoreFailedError } from '../../errors/store.js'
import { failureOf } from './failures.js'
import { giveUp, isBusy } from './one-go.js'
import type { Database } from './open.js'
import type { TabLock } from './tab-lock.js'

/** The connection of a claim with its lock, and why they cannot be used any more. */
export class ClaimConnection {
  /** Resolves with why, once it has ended though nobody has closed it. */
  readonly lost: Promise<Error>
  #tell: (why: Error) => void = () => {}
  #why: (() => TardigradeError) | undefined
  /** What gives the database, or will; undefined while it is closed. */
  #opened: Promise<Database> | undefined
  /** False while it is closed, or is being opened again, for which others may keep it waiting. */
  isOpen = true
  /** Looks whether what is opened again still is the same store; throws else. */
  #check: (database: Database) => Promise<void> = async () => {}
  readonly #released = new AbortController()

  /** @param openAgain opens the database if it is still there, and throws else */
  constructor(
    readonly location: string,
    public database: Database,
    readonly lock: TabLock,
    private readonly openAgain: () => Promise<Database>,
  ) {
    this.#opened = Promise.resolve(database)
    this.lost = new Promise((resolve) => {
      this.#tell = resolve
    })
  }

  /**
   * From now on it is closed while the page is frozen, as it would keep a newer format waiting; not where something is under way, which may
   * be what others ask for as they hear of that.
   * @param check looks whether what is opened again still is the same store; throws else
   */
  closeWhileFrozen(check: (database: Database) => Promise<void>): void {
    this.#check = check
    const { signal } = this.#released
    // The last of all who hear of it.
    const hear = () => document.addEventListener('freeze', () => this.#rest(), { once: true, signal })
    // Workers have none.
    globalThis.document?.addEventListener('freeze', hear, { capture: true, signal })
  }

  /** The database, which is opened again where it was closed. */
  async open(): Promise<Database> {
    this.#opened ??= this.#reopen()
    try {
      return await this.#opened
    } catch (cause) {
      throw this.#why?.() ?? cause
    }
  }

  #rest(): void {
    if (!this.isOpen || isBusy(this.database)) return
    this.database.close()
    this.isOpen = false
    this.#opened = undefined
  }

  async #reopen(): Promise<Database> {
    try {
      const opening = this.openAgain().then((database) => {
        this.database = database
        this.isOpen = true
        if (this.#released.signal.aborted) database.close()
      })
      // Others may keep it waiting for ever.
      await Promise.race([opening, this.lost.then((why) => Promise.reject(why))])
      await this.#check(this.database)
      return this.database
    } catch (cause) {
      // The next one that asks tries again.
      this.database.close()
      this.isOpen = false
      this.#opened = undefined
      throw cause
    }
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
    this.#released.abort()
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
