import { Redis } from 'ioredis'
import { type RedisStoreOptions, redisStore } from 'tardigrade/stores/redis'
import type { StoreUnderTest } from 'tardigrade/testing'
import { afterAll, beforeAll } from 'vitest'
import { type RedisServer, startRedis } from '../kit/servers/redis.js'
import { Succession } from './succession.js'

/** A Redis for the tests of a file, and a client. */
export class RedisUnderTest {
  #server: RedisServer | undefined
  #client: Redis | undefined
  #names = 0

  constructor() {
    // Where none is installed, it is installed first.
    beforeAll(async () => {
      this.#server = await startRedis()
      this.#client = new Redis(this.#server.url)
      this.#client.on('error', () => {})
    }, 300_000)
    afterAll(async () => {
      this.#client?.disconnect()
      await this.#server?.dispose()
    })
  }

  get server(): RedisServer {
    if (this.#server === undefined) throw new Error('no server')
    return this.#server
  }

  get client(): Redis {
    if (this.#client === undefined) throw new Error('no server')
    return this.#client
  }

  /** A name that no test has had. */
  newName(): string {
    return `store ${++this.#names}`
  }

  /** Takes the lock away from who holds the store. */
  async loseLock(name: string): Promise<void> {
    await this.client.del(`{tardigrade:${name}}:lock`)
  }

  /** What the server has of this store, to which it goes back when it is told so: as a replica does that takes over and had heard of no more. */
  async remember(name: string): Promise<() => Promise<void>> {
    const keys = () => this.client.keys(`{tardigrade:${name}}:*`)
    const kept = await Promise.all(
      (await keys()).map(async (key) => [key, await this.client.dumpBuffer(key)] as const),
    )
    return async () => {
      await this.client.del(...(await keys()))
      for (const [key, data] of kept) await this.client.restore(key, 0, data)
    }
  }

  /** A store, as the contract wants it. */
  underTest(options: RedisStoreOptions): StoreUnderTest {
    const name = this.newName()
    const succession = new Succession()
    const open = () => {
      const { gate } = succession
      const client = {
        call: async (command: string, ...values: (string | number)[]) => {
          await gate.pass()
          return this.client.call(command, ...values)
        },
      }
      return succession.succeeding(redisStore(client, name, options))
    }
    return {
      store: open(),
      again: open,
      loseLock: () => {
        succession.fall()
        return this.loseLock(name)
      },
    }
  }
}
