import { Pool } from 'pg'
import type { Store } from 'tardigrade'
import { type PostgresStoreOptions, postgresStore } from 'tardigrade/stores/postgres'
import type { StoreUnderTest } from 'tardigrade/testing'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { type PostgresServer, startPostgres } from '../kit/servers/postgres.js'
import { startProxy } from '../kit/servers/proxy.js'
import { Succession } from './succession.js'

/** A Postgres for the tests of a file, and a pool of its superuser. */
export class Postgres {
  #server: PostgresServer | undefined
  #pool: Pool | undefined
  #names = 0

  constructor() {
    beforeAll(async () => {
      this.#server = await startPostgres()
      this.#pool = this.newPool()
    }, 60_000)
    afterAll(async () => {
      await this.#pool?.end()
      await this.#server?.dispose()
    }, 60_000)
  }

  get server(): PostgresServer {
    if (this.#server === undefined) throw new Error('no server')
    return this.#server
  }

  get pool(): Pool {
    if (this.#pool === undefined) throw new Error('no server')
    return this.#pool
  }

  /** A name that no test has had. */
  newName(): string {
    return `store ${++this.#names}`
  }

  /** A pool of its superuser, at the server's port or at that of a proxy. */
  newPool(port = this.server.port): Pool {
    const connectionString = this.server.url.replace(/:\d+\//, `:${port}/`)
    const pool = new Pool({ connectionString, max: 20 })
    pool.on('error', () => {})
    return pool
  }

  /** A store of a name of its own behind a proxy, until the test ends. */
  async proxied() {
    const proxy = await startProxy(this.server.port)
    onTestFinished(() => proxy.close())
    const url = this.server.url.replace(/:\d+\//, `:${proxy.port}/`)
    const name = this.newName()
    const open = (options: PostgresStoreOptions = {}) => postgresStore(url, name, options)
    return { proxy, name, open }
  }

  /** Ends the connection that holds this store, and waits until its lock is free. */
  async endHolder(name: string, schema = 'tardigrade'): Promise<void> {
    const held = `SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory' AND classid = 1413567044 AND application_name = $1`
    const holder = [`${schema}.${name}`]
    for (;;) {
      const { rows } = await this.pool.query(held, holder)
      if (rows.length === 0) return
      for (const { pid } of rows) await this.pool.query('SELECT pg_terminate_backend($1)', [pid])
    }
  }

  /**
   * What the server has of this store, to which it goes back when it is told so, without an owner: as a standby does that takes over and
   * had heard of no more.
   */
  async remember(name: string): Promise<() => Promise<void>> {
    const own = '(SELECT id FROM tardigrade.store WHERE name = $1)'
    const rows = async (table: string, column: string) =>
      (await this.pool.query(`SELECT * FROM tardigrade.${table} WHERE ${column} = ${own}`, [name])).rows
    const [[store], checkpoints] = await Promise.all([rows('store', 'id'), rows('checkpoint', 'store')])
    return async () => {
      await this.endHolder(name)
      await this.pool.query(`DELETE FROM tardigrade.checkpoint WHERE store = ${own}`, [name])
      for (const row of checkpoints) {
        const places = Object.keys(row).map((_, index) => `$${index + 1}`)
        await this.pool.query(`INSERT INTO tardigrade.checkpoint VALUES (${places})`, Object.values(row))
      }
      const { epoch, token, written } = store
      const values = [name, epoch, token, written]
      const put = 'UPDATE tardigrade.store SET epoch = $2, token = $3, written = $4 WHERE name = $1'
      await this.pool.query(put, values)
    }
  }

  /** A store, as the contract wants it. */
  underTest(options: PostgresStoreOptions = {}): StoreUnderTest {
    const name = this.newName()
    const succession = new Succession()
    const open = (): Store => {
      const { gate } = succession
      const pool = {
        connect: async () => {
          await gate.pass()
          const client = await this.pool.connect()
          await client.query(`SET application_name = '${options.schema ?? 'tardigrade'}.${name}'`)
          return client
        },
      }
      return succession.succeeding(postgresStore(pool, name, options))
    }
    return {
      store: open(),
      again: open,
      loseLock: async () => {
        succession.fall()
        await this.endHolder(name, options.schema)
      },
    }
  }
}
