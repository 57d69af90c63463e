import { MissingDriverError } from '../../errors/store.js'
import { after } from '../../platform/timer.js'
import { within } from '../../platform/within.js'

/** What a pool is asked. */
export interface PgQuery {
  readonly text: string
  readonly values?: unknown[]
  /** Prepares it once for each connection. */
  readonly name?: string
  /** An answer that takes longer is given up, in ms. */
  readonly query_timeout?: number
}

/** A connection of a pool of `pg`, as far as this library uses it. */
export interface PgClientLike {
  query(query: PgQuery): Promise<{ readonly rows: unknown[] }>
  /** Gives it back; with `true` it is closed. */
  release(destroy?: boolean): void
  /** Has it keep the process from its end, as it does until `unref`. */
  ref?(): void
  unref?(): void
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
}

/** A pool of `pg`, as far as this library uses it. */
export interface PgPoolLike {
  connect(): Promise<PgClientLike>
  readonly options?: {
    /** `true`: a process ends though it has connections, those that a claim keeps too, when nothing is asked over them. */
    readonly allowExitOnIdle?: boolean | undefined
    readonly max?: number | undefined
  }
  /** How many wait until one of its connections is free. */
  readonly waitingCount?: number
  /** Tells of each connection that it makes; one that breaks as it is made ends the process where nobody is told. */
  on?(event: 'connect', listener: (client: Pick<PgClientLike, 'on' | 'removeListener'>) => void): unknown
}

/** A pool that this library has made, and ends. */
export interface OwnPool extends PgPoolLike {
  end(): Promise<void>
}

/** The pool is there to be used, and all of its connections are in use. */
export class NoFreeConnectionError extends Error {}

interface PgDriver {
  readonly Pool: new (options: {
    readonly connectionString: string
    readonly max: number
    readonly keepAlive: boolean
    readonly application_name: string
    readonly connectionTimeoutMillis: number
    readonly allowExitOnIdle: boolean
  }) => OwnPool & { on(event: 'error', listener: (error: Error) => void): unknown }
}

const heard = new WeakSet<PgPoolLike>()

/**
 * Has every connection of the pool heard until whoever waits for it has it: it may break before. Then it is theirs: what breaks an
 * app's own connection must not stay unheard, since the app might wait for its notifications for ever.
 */
export function hear(pool: PgPoolLike): void {
  if (heard.has(pool)) return
  heard.add(pool)
  pool.on?.('connect', (client) => {
    client.on('error', ignored)
    after(0, () => void client.removeListener('error', ignored))
  })
}

/**
 * A pool over this connection string.
 * @throws {MissingDriverError} the package `pg` is not installed
 */
export async function openPool(connectionString: string, patienceMs: number): Promise<OwnPool> {
  const { Pool } = await loadDriver()
  const pool = new Pool({
    connectionString,
    max: 4,
    keepAlive: true,
    application_name: 'tardigrade',
    connectionTimeoutMillis: patienceMs,
    allowExitOnIdle: true,
  })
  // A connection at rest that breaks is replaced.
  pool.on('error', ignored)
  hear(pool)
  // How large it is, is nobody's to change: who waits in it waits for the server.
  return { options: { allowExitOnIdle: true }, connect: () => pool.connect(), end: () => pool.end() }
}

/**
 * A connection of the pool.
 * @throws {NoFreeConnectionError} all of them were in use for so many ms
 * @throws {Error} none could be made
 */
export async function connectTo(pool: PgPoolLike, answerMs: number): Promise<PgClientLike> {
  const { waitingCount: before = 0 } = pool
  const connecting = pool.connect()
  const waits = (pool.waitingCount ?? 0) > before
  try {
    return await within(answerMs, connecting, (late) => late.release())
  } catch (cause) {
    const { waitingCount: waiting = 0 } = pool
    if (!waits || (waiting === 0 && !isOutOfTime(cause))) throw cause
    const most = pool.options?.max ?? 'unknown'
    throw new NoFreeConnectionError(`all connections of its pool (max: ${most}) were in use`, { cause })
  }
}

/** Whether a pool that has a patience of its own says so of one who has waited in it. */
const isOutOfTime = (cause: unknown) => cause instanceof Error && cause.message.startsWith('timeout exceeded')

/** Hears of a connection that breaks while nothing is asked over it, which would end the process otherwise. */
export const ignored = (): void => {}

async function loadDriver(): Promise<PgDriver> {
  try {
    // A variable, because the types must not depend on an optional package.
    const name: string = 'pg'
    const loaded: { readonly default?: unknown } = await import(name)
    if (isDriver(loaded.default)) return loaded.default
    throw new Error('pg has no Pool')
  } catch (cause) {
    throw new MissingDriverError('pg@8', 'postgresStore', { cause }, '. In a bundle, give a pool of pg.')
  }
}

function isDriver(loaded: unknown): loaded is PgDriver {
  return (
    typeof loaded === 'object' && loaded !== null && 'Pool' in loaded && typeof loaded.Pool === 'function'
  )
}
