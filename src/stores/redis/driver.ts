import { MissingDriverError } from '../../errors/store.js'

/** A client of `ioredis`, of one server or of a cluster, as far as this library uses it. */
export interface RedisLike {
  call(command: string, ...values: (string | number)[]): Promise<unknown>
}

/** A client that this library has made, and ends. */
export interface OwnRedis extends RedisLike {
  /** With `true`, it connects again. */
  disconnect(reconnect?: boolean): void
  on(event: 'error', listener: (error: Error) => void): unknown
}

interface RedisDriver {
  readonly Redis: new (
    url: string,
    options: {
      readonly connectionName: string
      readonly connectTimeout: number
      readonly maxRetriesPerRequest: null
      readonly retryStrategy: (times: number) => number
    },
  ) => OwnRedis
}

const LONGEST_DELAY_MS = 500

/**
 * A client of the server at this address.
 * @throws {MissingDriverError} the package `ioredis` is not installed
 */
export async function openRedis(url: string, answerMs: number): Promise<OwnRedis> {
  const { Redis } = await loadDriver()
  const client = new Redis(url, {
    connectionName: 'tardigrade',
    connectTimeout: answerMs,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(10 * 2 ** times, LONGEST_DELAY_MS),
  })
  // It is told to whoever asks; without a listener the driver prints it.
  client.on('error', () => {})
  return client
}

async function loadDriver(): Promise<RedisDriver> {
  try {
    // A variable, because the types must not depend on an optional package.
    const name: string = 'ioredis'
    const loaded: unknown = await import(name)
    if (isDriver(loaded)) return loaded
    throw new Error('ioredis has no Redis')
  } catch (cause) {
    throw new MissingDriverError('ioredis', 'redisStore', { cause })
  }
}

function isDriver(loaded: unknown): loaded is RedisDriver {
  return (
    typeof loaded === 'object' && loaded !== null && 'Redis' in loaded && typeof loaded.Redis === 'function'
  )
}
