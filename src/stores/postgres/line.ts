import { patiently } from '../patiently.js'
import { isAway } from './failures.js'
import type { Session } from './session.js'

/** The session of an owner, and another one in its place when it has broken. */
export class Line {
  #session: Promise<Session> | undefined

  /**
   * @param reopen makes the next session, for the owner that had this one
   * @param patienceMs how long the server may be away, in ms
   */
  constructor(
    private last: Session,
    private readonly reopen: (last: Session) => Promise<Session>,
    private readonly patienceMs: number,
  ) {
    this.#session = Promise.resolve(last)
  }

  /** Runs the work; again where the connection has broken meanwhile, and what was done must not matter when it is done twice. */
  run<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return patiently(this.patienceMs, isAway, async () => {
      const session = await this.#current()
      try {
        return await work(session)
      } catch (error) {
        if (isAway(error)) this.#drop(session)
        throw error
      }
    })
  }

  async end(): Promise<void> {
    const session = await this.#session?.catch(() => undefined)
    await session?.end()
  }

  #current(): Promise<Session> {
    if (this.#session !== undefined) return this.#session
    const opening = this.reopen(this.last)
    this.#session = opening
    opening.then(
      (session) => {
        this.last = session
      },
      () => {
        this.#session = undefined
      },
    )
    return opening
  }

  #drop(session: Session): void {
    session.drop()
    if (this.last === session) this.#session = undefined
  }
}
