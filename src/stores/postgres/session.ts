import { StoreNotDurableError, StoreNotWritableError } from '../../errors/store.js'
import { nextLook } from '../next-look.js'
import { connectTo, ignored, type PgClientLike, type PgPoolLike, type PgQuery } from './driver.js'
import { isAway, isLocked } from './failures.js'
import type { LockKey, Site } from './site.js'

/** For how long a process may stand still, at least: one that is short of processor time does, too. */
const STILL_MS = 2000

/** A connection that may hold the lock of a store; the lock ends with it, however it ends. */
export class Session {
  #broken = false
  /** What is asked, one after another: the driver takes no question while another waits for its answer. */
  #last: Promise<unknown> = Promise.resolve()
  /** How much is asked that is not answered yet. */
  #asked = 0

  private constructor(
    private readonly client: PgClientLike,
    private readonly site: Site,
    /** The server's number for it. */
    readonly backend: number,
    /** Whether it keeps the process at rest, too. */
    private readonly keeps: boolean,
  ) {
    if (!keeps) client.unref?.()
  }

  /** @throws {StoreNotWritableError | StoreNotDurableError} the server keeps no store as it is */
  static async open(pool: PgPoolLike, site: Site): Promise<Session> {
    const client = await connectTo(pool, site.answerMs)
    client.on('error', ignored)
    try {
      const backend = await prepare(client, site)
      return new Session(client, site, backend, pool.options?.allowExitOnIdle !== true)
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  /** Asks, and gives the rows. */
  ask(text: string, values: readonly unknown[] = [], name?: string): Promise<readonly unknown[]> {
    const query = { text, values: [...values], query_timeout: this.site.answerMs }
    return this.#query(name === undefined ? query : { ...query, name })
  }

  /** Asks, and waits for the rows however long that takes. */
  askAtLength(text: string, values: readonly unknown[] = []): Promise<readonly unknown[]> {
    return this.#query({ text, values: [...values] })
  }

  /** Takes the lock, if nobody has it. */
  async tryLock(): Promise<boolean> {
    const rows = await this.ask('SELECT pg_try_advisory_lock($1, $2) AS taken', this.site.lock)
    // The cast says what the statement selects.
    return (rows as { taken: boolean }[])[0]?.taken === true
  }

  /** Waits for the lock, for as long as somebody has it and the server answers. A server's log tells of none who looks. */
  async waitForLock(signal?: AbortSignal): Promise<void> {
    while (!(await this.tryLock())) await nextLook(signal)
  }

  /** Runs the work in a transaction that has this lock, which nobody has for long. */
  async transactUnder<T>(lock: LockKey, work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await this.transact(async () => {
          await this.#askFor(lock)
          return work()
        })
      } catch (error) {
        if (!isLocked(error)) throw error
      }
    }
  }

  /** Runs the work in a transaction. Nothing else is asked meanwhile. */
  async transact<T>(work: () => Promise<T>): Promise<T> {
    await this.ask('BEGIN')
    try {
      const result = await work()
      await this.ask('COMMIT')
      return result
    } catch (error) {
      // Of a connection that has broken nothing is left to take back.
      if (!isAway(error)) await this.ask('ROLLBACK').catch(() => {})
      throw error
    }
  }

  /** Gives the lock back, which is free when this resolves, and closes the connection. */
  async end(): Promise<void> {
    if (this.#broken) return
    // The server would find only later that the connection is closed.
    await this.ask('SELECT pg_advisory_unlock_all()').catch(() => {})
    this.drop()
  }

  /** Ends it after this failure; one of the connection leaves nothing to be said over it. */
  async endAfter(error: unknown): Promise<void> {
    if (isAway(error)) this.drop()
    else await this.end()
  }

  /** Closes the connection without a word. */
  drop(): void {
    if (this.#broken) return
    this.#broken = true
    // A pool must not give it to others: it has settings of ours, and perhaps a lock.
    this.client.release(true)
  }

  /** The server says after a while that it is not free yet: one that has gone without a word would be waited for without end. */
  async #askFor(lock: LockKey): Promise<void> {
    const wait = `SELECT pg_advisory_xact_lock($1, $2) FROM set_config('lock_timeout', $3, true)`
    await this.ask(wait, [...lock, Math.ceil(this.site.answerMs / 2)])
  }

  #query(query: PgQuery): Promise<readonly unknown[]> {
    if (!this.keeps && this.#asked++ === 0) this.client.ref?.()
    const answered = () => {
      if (!this.keeps && --this.#asked === 0) this.client.unref?.()
    }
    const answer = this.#last.then(async () => (await this.client.query(query)).rows).finally(answered)
    this.#last = answer.catch(() => {})
    return answer
  }
}

interface Settings {
  readonly backend: number
  readonly encoding: string
  readonly fsync: string
  readonly synchronous: string
  readonly standby: boolean
}

/** Finds out what the server promises, and has it find out soon when we are gone. Gives its number for the connection. */
async function prepare(client: PgClientLike, site: Site): Promise<number> {
  const { location, durability, answerMs } = site
  const ask = (text: string) => client.query({ text, query_timeout: answerMs })
  const { rows } = await ask(
    `SELECT pg_backend_pid() AS backend, current_setting('server_encoding') AS encoding, current_setting('fsync') AS fsync,
      current_setting('synchronous_commit') AS synchronous, pg_is_in_recovery() AS standby`,
  )
  // The cast says what the statement selects.
  const [settings] = rows as Settings[]
  if (settings === undefined) throw new Error('the server has told nothing of itself')
  const { backend, encoding, fsync, synchronous, standby } = settings
  if (standby) {
    const remedy = 'Give the connection the server that this one follows.'
    throw new StoreNotWritableError(location, 'its server is a standby, which only reads', {}, remedy)
  }
  if (encoding !== 'UTF8') {
    throw new StoreNotWritableError(
      location,
      `its database has the encoding ${encoding}, which cannot keep every text`,
      {},
      'Make a database with the encoding UTF8 there, and give the connection its name.',
    )
  }
  if (durability === 'power') {
    if (fsync !== 'on') {
      const remedy = "Set fsync to on in the server, or ask for less: durability: 'process'."
      throw new StoreNotDurableError(location, 'power', `its server runs with fsync ${fsync}`, remedy)
    }
    // All values but this one wait for the server's own disk.
    if (synchronous === 'off') await ask('SET synchronous_commit = on')
  }
  // Another isolation would fail where this one waits for who writes, then looks again. Who stands still in the middle of a
  // transaction would keep its locks from all others.
  await ask(
    `SET default_transaction_isolation = 'read committed'; SET statement_timeout = 0; SET lock_timeout = 0;
     SET idle_in_transaction_session_timeout = ${Math.max(answerMs, STILL_MS)};
     SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3`,
  )
  return backend
}
