import { MissingDriverError } from '../../errors/store.js'

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
  }
}

/** A pool that this library has made, and ends. */
export interface OwnPool extends PgPoolLike {
  end(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): unknown
}

interface PgDriver {
  readonly Pool: new (options: {
    readonly connectionString: string
    readonly max: number
    readonly keepAlive: boolean
    readonly application_name: string
    readonly connectionTimeoutMillis: number
    readonly allowExitOnIdle: boolean
  }) => OwnPool
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
  return pool
}

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
    throw new MissingDriverError('pg@8', 'postgresStore', { cause })
  }
}

function isDriver(loaded: unknown): loaded is PgDriver {
  return (
    typeof loaded === 'object' && loaded !== null && 'Pool' in loaded && typeof loaded.Pool === 'function'
  )
}
