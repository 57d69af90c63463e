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
  on(event: 'connecting' | 'connect' | 'reconnecting', listener: () => void): unknown
  readonly stream?: { unref(): void }
  /** Until when it waits to connect again. */
  readonly reconnectTimeout?: { unref?(): void } | null
}

interface RedisDriver {
  readonly Redis: new (
    url: string,
    options: {
      readonly connectionName: string
      readonly connectTimeout: number
      readonly disconnectTimeout: number
      readonly maxRetriesPerRequest: null
      readonly retryStrategy: (times: number) => number
    },
  ) => OwnRedis
}

const LONGEST_DELAY_MS = 500
/** Who ends a connection waits for nothing that is on its way over it. */
const LONGEST_END_MS = 100

/**
 * A client of the server at this address.
 * @throws {MissingDriverError} the package `ioredis` is not installed
 */
export async function openRedis(url: string, answerMs: number): Promise<OwnRedis> {
  const { Redis } = await loadDriver()
  const client = new Redis(url, {
    connectionName: 'tardigrade',
    connectTimeout: answerMs,
    disconnectTimeout: LONGEST_END_MS,
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(10 * 2 ** times, LONGEST_DELAY_MS),
  })
  // It is told to whoever asks; without a listener the driver prints it.
  client.on('error', () => {})
  // Who waits for an answer keeps the process from its end, and not a connection at rest, nor one that is made anew.
  const letEnd = () => client.stream?.unref()
  client.on('connecting', () => setImmediate(letEnd))
  client.on('connect', letEnd)
  client.on('reconnecting', () => client.reconnectTimeout?.unref?.())
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
    throw new MissingDriverError(
      'ioredis',
      'redisStore',
      { cause },
      '. In a bundle, give a client of ioredis.',
    )
  }
}

function isDriver(loaded: unknown): loaded is RedisDriver {
  return (
    typeof loaded === 'object' && loaded !== null && 'Redis' in loaded && typeof loaded.Redis === 'function'
  )
}
