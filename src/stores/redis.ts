import { randomUUID } from 'node:crypto'
import { aSwitch, oneOf, wholeFrom } from '../errors/option-checks.js'
import { NewerStoreError, StoreLockedError, StoreNotDurableError } from '../errors/store.js'
import { timerMs } from '../platform/timer.js'
import type { Store, StoreClaim } from '../ports/store.js'
import { latch } from './latch.js'
import { nextLook } from './next-look.js'
import { resolveOptions, type StoreOptions } from './options.js'
import { type ClaimParts, claimOf } from './redis/claim.js'
import { Connection } from './redis/connection.js'
import { openRedis, type RedisLike } from './redis/driver.js'
import { failureOf } from './redis/failures.js'
import { promiseOf, type RedisPersistence, readSettings } from './redis/persistence.js'
import { Places } from './redis/places.js'
import { readerOf } from './redis/reader.js'
import { FORMAT } from './redis/records.js'
import { CLAIM } from './redis/scripts.js'
import { checkConnection, placeOf } from './server-connection.js'
import { checkText } from './storage-checks.js'

export type { RedisLike } from './redis/driver.js'
export type { RedisPersistence } from './redis/persistence.js'

/** How a Redis store is opened. */
export interface RedisStoreOptions extends StoreOptions {
  /**
   * What is asked of the server's persistence: a `claim` is refused where its settings promise less. `power` (default): a commit that
   * resolved outlives a power cut of the server (`appendonly yes`, `appendfsync always`). `process`: it outlives kill -9 of the server
   * (`appendonly yes`). `none`: the end of the server may take it.
   */
  readonly durability?: 'none' | 'process' | 'power'
  /** `false`: `durability` is taken for what the server does, whose settings are not looked at, as where it does not tell them. */
  readonly checkDurability?: boolean
  /**
   * What `claim` does while another process holds the store. `refuse` (default): it is refused at once. `wait`: it waits until that
   * process has closed the store, or has given no sign of life for `lockMs`.
   */
  readonly whenLocked?: 'refuse' | 'wait'
  /** How long an owner that gives no sign of life is taken for alive, in ms, from 100. Default 10,000. */
  readonly lockMs?: number
  /** How long a server may be away, or leave a question without an answer, before what waits for it fails, in ms, from 100. Default 10,000. */
  readonly patienceMs?: number
}

/**
 * Keeps checkpoints in a Redis server, under this name; of a cluster, on one of its servers.
 *
 * `connection` is an address such as `redis://localhost`, or a client of `ioredis`. A batch is one script, which compares the claim,
 * so that an owner that has lost the store writes nothing. What outlives the server's end is for its settings to say: `durability`
 * asks for it, and `redisPersistence` tells. A replica that takes over may lack the last commits. An address keeps a process only while
 * something is asked.
 * @throws {InvalidOptionError} the connection or an option is not what it must be
 * @throws {MissingDriverError} from `claim` and `read`: an address needs the package `ioredis`, which a bundle lacks: give it a client
 * @throws {StoreLockedError} from `claim`: another process holds it, or one has died less than `lockMs` ago, and `whenLocked` is `refuse`
 * @throws {StoreNotDurableError} from `claim`: the server's settings promise less than `durability`
 * @throws {StoreUnreachableError} the server was away for longer than `patienceMs`
 * @throws {StoreNotWritableError} the server refuses: rights are missing, or it is a replica
 * @throws {NewerStoreError | StoreDamagedError} from `claim` and all reading: what it holds cannot be used
 *
 * @example
 * ```ts
 * const store = redisStore('redis://localhost', 'uploads', { durability: 'process', whenLocked: 'wait' })
 * const supervisor = await createSupervisor({ store })
 * ```
 */
export function redisStore(
  connection: string | RedisLike,
  name: string,
  options: RedisStoreOptions = {},
): Store {
  checkConnection(connection, 'call', 'an address, or a client of ioredis')
  checkText('name', name, 'a name, under which its checkpoints stand')
  const resolved = resolveOptions('redisStore', options, {
    durability: oneOf('power', 'process', 'none'),
    checkDurability: aSwitch,
    whenLocked: oneOf('refuse', 'wait'),
    lockMs: wholeFrom(100),
    patienceMs: wholeFrom(100),
  })
  const { durability = 'power', checkDurability = true, whenLocked = 'refuse' } = options
  const { lockMs = 10_000, patienceMs = 10_000 } = options
  const location = `${name} in ${placeOf('Redis', connection)}`
  const places = new Places(name)

  async function check(asked: Connection): Promise<void> {
    if (durability === 'none' || !checkDurability) return
    const { durability: promised, says } = promiseOf(await readSettings(asked))
    if (promised === 'power' || promised === durability) return
    const settings =
      durability === 'power' ? 'appendonly to yes and appendfsync to always' : 'appendonly to yes'
    const remedy = `Set ${settings} in the server, or ask for less: durability: '${promised}'.`
    throw new StoreNotDurableError(location, durability, says, remedy)
  }

  /** Takes the store, and waits for it where that was asked for. */
  async function take(
    asked: Connection,
    signal?: AbortSignal,
  ): Promise<Pick<ClaimParts, 'claimed' | 'keep'>> {
    const { keep, keepGiven, now } = resolved
    const token = randomUUID()
    for (;;) {
      const values = [token, process.pid, now(), keepGiven ? keep : '', keep, lockMs, FORMAT]
      const reply = await asked.run(CLAIM, [places.owner, places.lock], values)
      // The cast says what the script returns.
      const [word, first, second] = reply as ['taken' | 'locked' | 'newer', string, string]
      if (word === 'taken') return { claimed: { epoch: Number(first), token, lockMs }, keep: Number(second) }
      if (word === 'newer') throw new NewerStoreError(location, Number(first), FORMAT)
      if (whenLocked === 'refuse')
        throw new StoreLockedError(location, first === '' ? undefined : Number(first), {}, 'server')
      await nextLook(signal)
    }
  }

  return {
    location,
    durability,
    async claim({ signal } = {}): Promise<StoreClaim> {
      const { connected, end } = await connect(connection, patienceMs)
      try {
        await check(connected)
        const taken = await take(connected, signal)
        return claimOf({ ...taken, connection: connected, places, location, now: resolved.now, end })
      } catch (error) {
        end()
        throw failureOf(location, error)
      }
    },
    async read() {
      const { connected, end } = await connect(connection, patienceMs)
      const { check, close } = latch(location)
      return {
        ...readerOf(connected, places, location, check),
        close: async () => {
          if (close()) end()
        },
      }
    },
  }
}

/**
 * What the settings of a Redis server promise for what it has acknowledged, and what it would lose.
 * @throws {MissingDriverError} an address needs the package `ioredis`
 * @throws {StoreUnreachableError} the server does not answer
 *
 * @example
 * ```ts
 * const { durability, says } = await redisPersistence('redis://localhost')
 * ```
 */
export async function redisPersistence(connection: string | RedisLike): Promise<RedisPersistence> {
  checkConnection(connection, 'call', 'an address, or a client of ioredis')
  const { connected, end } = await connect(connection, 10_000)
  try {
    return promiseOf(await readSettings(connected))
  } catch (error) {
    throw failureOf(placeOf('Redis', connection), error)
  } finally {
    end()
  }
}

async function connect(connection: string | RedisLike, patienceMs: number) {
  if (typeof connection !== 'string')
    return { connected: new Connection(connection, patienceMs, () => {}), end: () => {} }
  const client = await openRedis(connection, timerMs(Math.ceil(patienceMs / 2)))
  const connected = new Connection(client, patienceMs, () => client.disconnect(true))
  return { connected, end: () => client.disconnect() }
}
