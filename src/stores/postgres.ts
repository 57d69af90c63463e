import { be, oneOf, wholeFrom } from '../errors/option-checks.js'
import { timerMs } from '../platform/timer.js'
import { within } from '../platform/within.js'
import type { Store } from '../ports/store.js'
import { resolveOptions, type StoreOptions } from './options.js'
import { readOver } from './postgres/beside-owner.js'
import { hear, openPool, type PgPoolLike } from './postgres/driver.js'
import { failureOf } from './postgres/failures.js'
import { claimOver } from './postgres/own.js'
import { tablesIn } from './postgres/schema.js'
import { lockOf, type Site } from './postgres/site.js'
import { checkConnection, placeOf } from './server-connection.js'
import { checkText } from './storage-checks.js'

export type { PgClientLike, PgPoolLike, PgQuery } from './postgres/driver.js'

/** How a Postgres store is opened. */
export interface PostgresStoreOptions extends StoreOptions {
  /**
   * The schema of its tables, which is made if need be; several stores may share it. Where a newer version of the library has claimed one
   * of them, an older one can claim none (`NewerStoreError`): update all at once, or give each a schema. Default `tardigrade`.
   */
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
  /** How long a server may be away, or leave a question without an answer, before what waits for it fails, in ms, from 100. Default 10,000. */
  readonly patienceMs?: number
}

/**
 * Keeps checkpoints in a Postgres database, under this name.
 *
 * `connection` is a connection string, or a pool of `pg`, of which a claim keeps one connection for itself: it holds the store by an
 * advisory lock, which ends with that connection, so a pooler between must leave sessions alone. Epoch and token of the claim, compared in every
 * statement that writes, refuse an owner that has lost it. While the server is away, what is asked of it waits, and is done once. A connection
 * string keeps a process only while something is asked, and so does a pool with `allowExitOnIdle`.
 * @throws {InvalidOptionError} the connection or an option is not what it must be
 * @throws {MissingDriverError} from `claim` and `read`: a connection string needs the package `pg`, which a bundle lacks: give it a pool
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
  checkConnection(connection, 'connect', 'a connection string, or a pool of pg')
  checkText('name', name, 'a name, under which its checkpoints stand')
  const resolved = resolveOptions('postgresStore', options, {
    schema: be('a name of letters, digits and _, at most 63', (value) =>
      /^[A-Za-z_]\w{0,62}$/.test(String(value)),
    ),
    durability: oneOf('power', 'process'),
    whenLocked: oneOf('refuse', 'wait'),
    patienceMs: wholeFrom(100),
  })
  const { schema = 'tardigrade', durability = 'power', whenLocked = 'refuse', patienceMs = 10_000 } = options
  const location = `${name} in ${placeOf('Postgres', connection)}`
  // Two of them fit into the patience.
  const answerMs = timerMs(Math.ceil(patienceMs / 2))
  const site: Site = {
    ...{ name, location, durability, whenLocked, patienceMs, answerMs },
    tables: tablesIn(schema),
    lock: lockOf(`${schema}.${name}`),
    schemaLock: lockOf(schema),
  }

  async function withPool() {
    if (typeof connection !== 'string') {
      hear(connection)
      return { pool: connection, end: async () => {} }
    }
    const pool = await openPool(connection, answerMs)
    return { pool, end: () => within(answerMs, pool.end()).catch(() => {}) }
  }

  return {
    location,
    durability,
    async claim({ signal } = {}) {
      const { pool, end } = await withPool()
      try {
        return await claimOver(pool, site, resolved, end, signal)
      } catch (error) {
        await end()
        throw failureOf(location, error)
      }
    },
    async read() {
      const { pool, end } = await withPool()
      return readOver(pool, site, end)
    },
  }
}
