import { Cluster, Redis } from 'ioredis'
import { redisPersistence, redisStore } from 'tardigrade/stores/redis'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { commitAll, request } from '../../src/testing/contract/store/requests.js'
import { type RedisServer, startRedis } from '../kit/servers/redis.js'

/** Slots of a cluster (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/). */
const SLOTS = 16_384

let servers: readonly RedisServer[]
let cluster: Cluster

beforeAll(async () => {
  servers = await Promise.all([startRedis(), startRedis()])
  const clients = await Promise.all(
    servers.map(async (server) => {
      await server.kill()
      await server.start({ 'cluster-enabled': 'yes' })
      return new Redis(server.url)
    }),
  )
  const [first, second] = clients as [Redis, Redis]
  await first.call('CLUSTER', 'ADDSLOTSRANGE', 0, SLOTS / 2 - 1)
  await second.call('CLUSTER', 'ADDSLOTSRANGE', SLOTS / 2, SLOTS - 1)
  // Two that both take themselves for the first owner of what they know.
  await second.call('CLUSTER', 'SET-CONFIG-EPOCH', 2)
  await first.call('CLUSTER', 'MEET', '127.0.0.1', servers[1]?.port ?? 0)
  const knowsAll = async (client: Redis) => {
    const told = String(await client.call('CLUSTER', 'INFO'))
    return told.includes('cluster_state:ok') && told.includes('cluster_known_nodes:2')
  }
  for (const client of clients) await vi.waitUntil(() => knowsAll(client), { timeout: 60_000 })
  for (const client of clients) client.disconnect()
  cluster = new Cluster([{ host: '127.0.0.1', port: servers[0]?.port ?? 0 }])
}, 300_000)

afterAll(async () => {
  cluster?.disconnect()
  await Promise.all((servers ?? []).map((server) => server.dispose()))
})

/** Stores that do not all stand on one of the two servers. */
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f']

test('the stores of these names stand on both servers of the cluster', async () => {
  const slots = await Promise.all(
    NAMES.map((name) => cluster.call('CLUSTER', 'KEYSLOT', `{tardigrade:${name}}`)),
  )
  expect(new Set(slots.map((slot) => Number(slot) < SLOTS / 2))).toEqual(new Set([true, false]))
})

test.each(NAMES)(
  'a store of the name %s is kept by a cluster, each whole on one of its servers',
  async (name) => {
    const first = await redisStore(cluster, name, { whenLocked: 'wait' }).claim()
    await commitAll(first, 'k', [1, 2])
    expect(await first.commit([request('k', 3), request('other', 1)])).toEqual([{ ok: true }, { ok: true }])
    await first.quarantine('k', 3, 'bad')
    await expect(redisStore(cluster, name).claim()).rejects.toMatchObject({ code: 'STORE_LOCKED' })
    await first.close()
    const second = await redisStore(cluster, name).claim()
    expect(second.epoch).toBe(first.epoch + 1)
    expect((await second.list()).map(({ key, sequence }) => [key, sequence])).toEqual([
      ['k', 2],
      ['other', 1],
    ])
    expect(await second.quarantined()).toMatchObject([{ key: 'k', sequence: 3 }])
    await expect(first.commit([request('k', 3)])).rejects.toMatchObject({ code: 'STORE_CLOSED' })
    await second.remove('k')
    await second.close()
  },
)

test('what its servers promise is told', async () => {
  expect(await redisPersistence(cluster)).toMatchObject({ durability: 'power' })
})
