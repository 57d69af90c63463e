import type { SqliteDatabase } from '../../../src/stores/sqlite-driver.js'

/** A database that tells before and after every statement, and fails where it is told to. */
export class ToldDatabase implements SqliteDatabase {
  /** How many statements there were. */
  count = 0
  /** Asked before each statement; what it gives is thrown instead. */
  fault: (statement: number) => Error | undefined = () => undefined
  /** Called after each statement. */
  ran: (sql: string) => void = () => {}
  /** Called after each transaction, and after each statement that is one of its own. */
  committed: () => void = () => {}
  #isInside = false

  constructor(readonly inner: SqliteDatabase) {}

  exec(sql: string): void {
    this.#tell(sql, () => this.inner.exec(sql))
  }

  prepare(sql: string): ReturnType<SqliteDatabase['prepare']> {
    const statement = this.inner.prepare(sql)
    return {
      run: (...values) => this.#tell(sql, () => statement.run(...values)),
      get: (...values) => this.#tell(sql, () => statement.get(...values)),
      all: (...values) => this.#tell(sql, () => statement.all(...values)),
    }
  }

  close(): void {
    this.inner.close()
  }

  #tell<T>(sql: string, run: () => T): T {
    const fault = this.fault(++this.count)
    if (fault !== undefined) throw fault
    const result = run()
    if (sql.startsWith('BEGIN')) this.#isInside = true
    if (/^(COMMIT|ROLLBACK)/.test(sql)) this.#isInside = false
    if (!this.#isInside && /^(COMMIT|REPLACE)/.test(sql)) this.committed()
    this.ran(sql)
    return result
  }
}

/** What SQLite throws, as its drivers do: 13 is a full disk, 10 one that cannot be read or written. */
export function sqliteError(errcode: 10 | 13): Error {
  return Object.assign(new Error(errcode === 13 ? 'database or disk is full' : 'disk I/O error'), { errcode })
}
