/** What SQLite takes and gives in the tables of this machine. */
export type SqlValue = string | number | bigint | null

/** A connection, as far as this machine uses it: one of `node:sqlite`, of `@photostructure/sqlite` or alike. */
export interface Database {
  exec(sql: string): void
  prepare(sql: string): {
    run(...values: SqlValue[]): { readonly changes: number | bigint }
    get(...values: SqlValue[]): unknown
    all(...values: SqlValue[]): unknown[]
  }
  close(): void
}

interface Driver {
  readonly DatabaseSync: new (path: string) => Database
}

/** Opens a database file with Node's SQLite (22.13 or newer), else with the package of the same interface. */
export async function openDatabase(path: string): Promise<Database> {
  const { DatabaseSync } = await loadDriver()
  const database = new DatabaseSync(path)
  // The application writes its changes over a connection of its own.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000')
  return database
}

async function loadDriver(): Promise<Driver> {
  const builtin: unknown = process.getBuiltinModule?.('node:sqlite')
  if (isDriver(builtin)) return builtin
  // A variable, because the types must not depend on an optional package.
  const name: string = '@photostructure/sqlite'
  const loaded: unknown = await import(name)
  if (isDriver(loaded)) return loaded
  throw new Error(`This Node has no SQLite: install ${name}, or use Node 22.13 or newer.`)
}

function isDriver(loaded: unknown): loaded is Driver {
  return typeof loaded === 'object' && loaded !== null && 'DatabaseSync' in loaded
}

/** Runs `run` in a transaction of its own, which has the right to write from its beginning. */
export function inTransaction<T>(database: Database, run: () => T): T {
  return between(database, run, 'BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK')
}

/** Runs `run` as a part of the transaction under way, or else in one of its own. */
export function inSavepoint<T>(database: Database, run: () => T): T {
  return between(
    database,
    run,
    'SAVEPOINT tardigrade_sync',
    'RELEASE tardigrade_sync',
    'ROLLBACK TO tardigrade_sync; RELEASE tardigrade_sync',
  )
}

function between<T>(database: Database, run: () => T, begin: string, end: string, undo: string): T {
  database.exec(begin)
  try {
    const result = run()
    database.exec(end)
    return result
  } catch (error) {
    database.exec(undo)
    throw error
  }
}
