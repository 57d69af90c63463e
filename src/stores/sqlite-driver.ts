import { MissingDriverError } from '../errors/store.js'

/** What SQLite takes and gives in this library's tables. */
export type SqliteValue = string | number | bigint | null

/** A prepared statement, as far as this library uses it. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): { changes: number | bigint; lastInsertRowid: number | bigint }
  get(...values: SqliteValue[]): unknown
  all(...values: SqliteValue[]): unknown[]
}

/** A connection, as far as this library uses it. */
export interface SqliteDatabase {
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

/** The part of `node:sqlite` that this library uses. */
export interface SqliteDriver {
  readonly DatabaseSync: new (path: string, options?: { readonly readOnly?: boolean }) => SqliteDatabase
}

const FALLBACK = '@photostructure/sqlite'

let loading: Promise<SqliteDriver> | undefined

/**
 * `node:sqlite` where Node has it (from 22.13 on), else the package with the same interface.
 *
 * All stores of a process must share one SQLite: two copies do not see each other's file locks.
 * @throws {MissingDriverError} this Node has no SQLite, and the package is not installed
 */
export function loadSqliteDriver(neededFor: string): Promise<SqliteDriver> {
  loading ??= load(neededFor)
  loading.catch(() => {
    // The next call tries again, so that a package installed meanwhile is found.
    loading = undefined
  })
  return loading
}

async function load(neededFor: string): Promise<SqliteDriver> {
  const builtin = builtinDriver()
  if (isDriver(builtin)) return builtin
  try {
    // A variable, because the types must not depend on an optional package.
    const name: string = FALLBACK
    const loaded: unknown = await import(name)
    if (isDriver(loaded)) return loaded
    throw new Error(`${FALLBACK} has no DatabaseSync`)
  } catch (cause) {
    throw new MissingDriverError(
      `${FALLBACK}@1`,
      `${neededFor} on Node ${process.versions.node}`,
      { cause },
      '. No bundler packs it: a bundle needs it in a node_modules beside it.',
    )
  }
}

/**
 * Node 22 warns that its SQLite is experimental, on everybody's stderr. What this library uses of it is tested on
 * that version, so the warning is for us and not for those who run a service; every other one passes.
 */
function builtinDriver(): unknown {
  const { emitWarning } = process
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).includes('SQLite is an experimental feature')) {
      // The arguments of one of its overloads, handed on as they are.
      Reflect.apply(emitWarning, process, [warning, ...rest])
    }
  }
  try {
    return process.getBuiltinModule?.('node:sqlite')
  } finally {
    process.emitWarning = emitWarning
  }
}

function isDriver(loaded: unknown): loaded is SqliteDriver {
  return (
    typeof loaded === 'object' &&
    loaded !== null &&
    'DatabaseSync' in loaded &&
    typeof loaded.DatabaseSync === 'function'
  )
}
