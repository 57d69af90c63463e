import { checksum } from '../checkpoint/checksum.js'
import { be, isFunction, isObject, milliseconds, oneOf, shown } from '../errors/option-checks.js'
import { InvalidOptionError } from '../errors/options.js'
import { StoreLockedError } from '../errors/store.js'
import type { Store, StoreClaim, StoreReader } from '../ports/store.js'
import { latch } from './latch.js'
import { lost } from './lost.js'
import { resolveOptions, type StoreOptions } from './options.js'
import { patiently } from './patiently.js'
import { claimOf } from './postgres/claim.js'
import { ignored, openPool, type PgPoolLike } from './postgres/driver.js'
import { currentTurn, takeEpoch, takeLockBack } from './postgres/epoch.js'
import { failureOf, isAbsent, isAway } from './postgres/failures.js'
import { Line } from './postgres/line.js'
import { readerOf } from './postgres/reader.js'
import { checkFormat, migrate, type Query, tablesIn } from './postgres/schema.js'
import { type LockKey, Session } from './postgres/session.js'
import { checkText } from './storage-checks.js'
import { within } from './within.js'

export type { PgClientLike, PgPoolLike, PgQuery } from './postgres/driver.js'

/** How a Postgres store is opened. */
export interface PostgresStoreOptions extends StoreOptions {
  /** The schema of its tables, which is made if need be; several stores may share it. Default `tardigrade`. */
  readonly schema?: string
  /**
   * `power` (default): a commit that resolved outlives a power cut of the server, whose `fsync` must be on. `process`: it outlives
   * this process; the server's settings say what else.
   */
  readonly durability?: 'process' | 'power'
  /**
   * What `claim` does while another process holds the store. `refuse` (default): it is refused at once. `wait`: it waits until that
   * process has closed the store or ended.
   */
  readonly whenLocked?: 'refuse' | 'wait'
  /** How long a server may be away, or leave a question without an answer, before what waits for it fails, in ms. Default 10,000. */
  readonly patienceMs?: number
}

/** The first number of this library's advisory locks. */
const LOCK_SPACE = 0x54_41_52_44

/**
 * Keeps checkpoints in a Postgres database, under this name.
 *
 * `connection` is a connection string, or a pool of `pg`, of which a claim keeps one connection for itself: it holds the store by an
 * advisory lock, which ends with that connection, so a pooler between must leave sessions alone. An epoch, compared in every
 * statement that writes, refuses an owner that has lost it. While the server is away, what is asked of it waits, and is done once.
 * @throws {InvalidOptionError} the connection or an option is not what it must be
 * @throws {MissingDriverError} from `claim` and `read`: a connection string needs the package `pg`
 * @throws {StoreLockedError} from `claim`: another process holds it, and `whenLocked` is `refuse`
 * @throws {StoreUnreachableError} the server was away for longer than `patienceMs`
 * @throws {StoreNotWritableError | StoreNotDurableError} from `claim`: rights are missing; a standby; its `fsync` is off
 * @throws {NewerStoreError | StoreDamagedError} from `claim` and all reading: the tables cannot be used
 *
 * @example
 * ```ts
 * const store = postgresStore('postgres://localhost/app', 'uploads', { whenLocked: 'wait' })
 * const supervisor = await createSupervisor({ store })
 * ```
 */
export function postgresStore(
  connection: string | PgPoolLike,
  name: string,
  options: PostgresStoreOptions = {},
): Store {
  checkConnection(connection)
  checkText('name', name, 'a name, under which its checkpoints stand')
  const resolved = resolveOptions('postgresStore', options, {
    schema: be('a name of letters, digits and _, at most 63', (value) =>
      /^[A-Za-z_]\w{0,62}$/.test(String(value)),
    ),
    durability: oneOf('power', 'process'),
    whenLocked: oneOf('refuse', 'wait'),
    patienceMs: milliseconds,
  })
  const { schema = 'tardigrade', durability = 'power', whenLocked = 'refuse', patienceMs = 10_000 } = options
  const tables = tablesIn(schema)
  const location = `${name} in ${placeOf(connection)}`
  const lock: LockKey = [LOCK_SPACE, numberOf(`${schema}.${name}`)]
  // Two of them fit into the patience.
  const answerMs = Math.max(1, Math.ceil(patienceMs / 2))

  async function withPool() {
    if (typeof connection !== 'string') return { pool: connection, end: async () => {} }
    const pool = await openPool(connection, answerMs)
    return { pool, end: () => within(answerMs, pool.end()).catch(() => {}) }
  }

  async function claimOver(pool: PgPoolLike, release: () => Promise<void>): Promise<StoreClaim> {
    const open = () => Session.open({ pool, location, lock, durability, answerMs })
    const session = await patiently(patienceMs, isAway, open)
    try {
      if (whenLocked === 'wait') await session.waitForLock()
      else if (!(await session.tryLock())) {
        throw new StoreLockedError(location, await holderOver(session), {}, 'server')
      }
      const query: Query = (text, values) => session.ask(text, values)
      const owned = await session.transact(async () => {
        // Stores that share the schema would make its tables at the same time.
        await query('SELECT pg_advisory_xact_lock($1, $2)', [LOCK_SPACE, numberOf(schema)])
        await migrate(query, tables, location)
        return takeEpoch(query, tables, name, resolved)
      })
      const reopen = async (former: Session) => {
        const next = await open()
        try {
          await takeLockBack(next, former, lock, async () => {
            const { epoch } = await currentTurn(next, tables, owned.id)
            if (epoch !== owned.epoch) throw lost(location, owned.epoch, epoch)
          })
          return next
        } catch (error) {
          next.drop()
          throw error
        }
      }
      const line = new Line(session, reopen, patienceMs)
      return claimOf({ name, location, tables, owned, line, now: resolved.now, release })
    } catch (error) {
      await session.end()
      throw error
    }
  }

  /** Who holds the store, as it says itself; undefined when that cannot be read. */
  async function holderOver(session: Session): Promise<number | undefined> {
    const reader = readerOf(name, tables, (text, values) => session.ask(text, values))
    return (await reader.owner().catch(() => undefined))?.pid
  }

  function readOver(pool: PgPoolLike, end: () => Promise<void>): StoreReader {
    const { check, close } = latch(location)
    let known = false
    const ask = async (text: string, values: readonly unknown[], key?: string) => {
      check()
      try {
        return await patiently(patienceMs, isAway, () => once(text, values))
      } catch (cause) {
        // A store that is made later is found later.
        if (!known && isAbsent(cause)) return []
        throw failureOf(location, cause, key)
      }
    }
    const once = async (text: string, values: readonly unknown[]) => {
      const client = await within(answerMs, pool.connect(), (late) => late.release())
      client.on('error', ignored)
      let broken = true
      try {
        const query: Query = async (text, values = []) =>
          (await client.query({ text, values: [...values], query_timeout: answerMs })).rows
        if (!known) await checkFormat(query, tables, location)
        known = true
        const rows = await query(text, values)
        broken = false
        return rows
      } finally {
        client.removeListener('error', ignored)
        client.release(broken)
      }
    }
    return {
      ...readerOf(name, tables, ask),
      close: async () => {
        if (close()) await end()
      },
    }
  }

  return {
    location,
    durability,
    async claim() {
      const { pool, end } = await withPool()
      try {
        return await claimOver(pool, end)
      } catch (error) {
        await end()
        throw failureOf(location, error)
      }
    },
    async read() {
      const { pool, end } = await withPool()
      return readOver(pool, end)
    },
  }
}

function checkConnection(connection: unknown): void {
  if (typeof connection === 'string' && connection !== '') return
  if (isObject(connection) && 'connect' in connection && isFunction(connection.connect)) return
  throw new InvalidOptionError('connection', shown(connection), 'a connection string, or a pool of pg')
}

/** For people: where the server is, without its password. */
function placeOf(connection: string | PgPoolLike): string {
  if (typeof connection !== 'string') return 'a Postgres'
  try {
    const { host, pathname } = new URL(connection)
    return `Postgres at ${host}${pathname}`
  } catch {
    return 'a Postgres'
  }
}

/** A number of 32 bits for a text. */
function numberOf(text: string): number {
  return Number.parseInt(checksum(text), 16) | 0
}
