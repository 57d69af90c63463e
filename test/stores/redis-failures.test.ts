import { createSupervisor, defineService, type StoreClaim, StoreFailedError } from 'tardigrade'
import { type RedisStoreOptions, redisStore } from 'tardigrade/stores/redis'
import { expect, onTestFinished, test } from 'vitest'
import { createMachine } from 'xstate'
import { accepted, commitAll, request } from '../../src/testing/contract/store/requests.js'
import { startProxy } from '../kit/servers/proxy.js'
import { RedisUnderTest } from './redis-kit.js'
import { Counters, expectToldTogether, expectWhole, KEYS, LONG_MS, overflows } from './server-kit.js'

/*
 * Faults: the server is killed while it is written to, and started again; the network breaks, between a commit and its answer too,
 * or swallows what is sent; the server stays away, or comes back without what it had acknowledged; another owner comes.
 */
const redis = new RedisUnderTest()

async function proxied() {
  const proxy = await startProxy(redis.server.port)
  onTestFinished(() => proxy.close())
  const name = redis.newName()
  const open = (options: RedisStoreOptions = {}) =>
    redisStore(`redis://127.0.0.1:${proxy.port}`, name, options)
  return { proxy, name, open }
}

test('a server that is killed again and again, and comes back, costs a wait and nothing else', async () => {
  const store = redisStore(redis.server.url, redis.newName())
  const counters = new Counters(KEYS)
  await counters.start(store)
  const kill = async () => {
    await redis.server.kill()
    await redis.server.start()
  }
  await counters.send(40, new Map([20, 77, 141].map((count) => [count, kill])))
  await expectWhole(counters, store)
})

test('who waits no longer has written nothing', async () => {
  const { name, open } = await proxied()
  const first = await redisStore(redis.server.url, name).claim()
  const given = new AbortController()
  const waiting = open({ whenLocked: 'wait' }).claim({ signal: given.signal })
  given.abort(new StoreFailedError(name))
  await expect(waiting).rejects.toBe(given.signal.reason)
  await first.close()
  const next = await redisStore(redis.server.url, name).claim()
  expect(next.epoch).toBe(first.epoch + 1)
  await next.close()
})

test('connections that break cost nothing, wherever they break', async () => {
  const { proxy, open } = await proxied()
  const counters = new Counters(KEYS)
  await counters.start(open())
  const faults = Array.from(
    { length: 20 },
    (_, index) => [5 + 9 * index, index % 2 === 0 ? proxy.cut : () => proxy.cutAtNextAnswer()] as const,
  )
  await counters.send(40, new Map(faults))
  await expectWhole(counters, open())
})

test('a commit whose answer was lost is written once', async () => {
  const { proxy, open } = await proxied()
  const claim = await open().claim()
  onTestFinished(() => claim.close())
  await commitAll(claim, 'a', [1])
  for (const sequence of [2, 3, 4]) {
    proxy.cutAtNextAnswer()
    accepted(await claim.commit([request('a', sequence)]))
  }
  proxy.cutAtNextAnswer()
  const [, refused] = await claim.commit([request('a', 5), request('a', 7)])
  expect(refused).toMatchObject({ error: { code: 'SEQUENCE', storedSequence: 5 } })
  proxy.cutAtNextAnswer()
  await claim.quarantine('a', 5, 'bad')
  expect((await claim.quarantined()).map(({ sequence }) => sequence)).toEqual([5])
  accepted(await claim.commit([request('a', 5)]))
  expect((await claim.history('a')).map(({ sequence }) => sequence)).toEqual([5, 4, 3])
})

test('a claim whose answer was lost is the one that has the store', async () => {
  const { proxy, open } = await proxied()
  const first = await open().claim()
  await first.close()
  // Before that one come some to the settings of its connection.
  for (let before = 0; before < 12; before++) {
    proxy.cutAtNextAnswer(before)
    const claim = await open({ durability: 'none' }).claim()
    expect(claim.epoch).toBe(first.epoch + 1 + before)
    await claim.close()
  }
})

test('what is never answered fails with a typed error, and the service goes on when it is retried', async () => {
  const { proxy, open } = await proxied()
  const counters = new Counters(KEYS)
  await counters.start(open({ patienceMs: 600 }))
  await counters.send(3)
  proxy.halt()
  const sent = counters.get('a').send({ type: 'ADD' }, { key: 'a 4' })
  await expect(sent).rejects.toMatchObject({ code: 'STORE_UNREACHABLE', service: 'counter', key: 'a' })
  proxy.go()
  // The server may have got it: the sender asks again under the same key, and it is applied once.
  await counters.send(2)
  await expectWhole(counters, open())
})

test('a server that stays away is waited for as long as was said, and is used again when it is back', async () => {
  const name = redis.newName()
  const store = redisStore(redis.server.url, name, { patienceMs: 600, whenLocked: 'wait', lockMs: 1000 })
  const counters = new Counters(KEYS)
  await counters.start(store)
  await counters.send(2)
  onTestFinished(() => redis.server.start())
  await redis.server.kill()
  const sent = counters.get('a').send({ type: 'ADD' }, { key: 'a 3' })
  await expect(sent).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
  await expect(redisStore(redis.server.url, name, { patienceMs: 100 }).claim()).rejects.toMatchObject({
    code: 'STORE_UNREACHABLE',
  })
  await redis.server.start()
  await counters.send(2)
  await expectWhole(counters, store)
})

test('who waits behind a commit for which the server was away too long is told with it', async () => {
  await expectToldTogether(redis.server, redisStore(redis.server.url, redis.newName(), { patienceMs: 1500 }))
})

test.each(LONG_MS)('a patience and a lock that no timer can hold are kept: %i ms', async (ms) => {
  const told = overflows()
  const options = { patienceMs: ms, lockMs: ms }
  const claim = await redisStore(redis.server.url, redis.newName(), options).claim()
  await commitAll(claim, 'a', [1, 2])
  await claim.close()
  expect(told).toEqual([])
})

test('an owner that was cut off while another one came is told, and writes nothing', async () => {
  const { proxy, name, open } = await proxied()
  const counters = new Counters(KEYS)
  await counters.start(open({ lockMs: 200 }))
  await counters.send(2)
  proxy.halt()
  const second = await redisStore(redis.server.url, name, { whenLocked: 'wait' }).claim()
  onTestFinished(() => second.close())
  const before = await second.list()
  proxy.go()
  await expect(counters.get('a').send({ type: 'ADD' })).rejects.toMatchObject({
    code: 'STALE_EPOCH',
    currentEpoch: second.epoch,
  })
  expect(await second.list()).toEqual(before)
})

test('a server that has lost what it had acknowledged is told as damaged', async () => {
  const claim = await redisStore(redis.server.url, redis.newName()).claim()
  onTestFinished(() => claim.close())
  await commitAll(claim, 'a', [1])
  await redis.client.call('FLUSHALL')
  await expect(claim.commit([request('a', 2)])).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
  await expect(claim.remove('a')).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
})

/** An owner of whose claim the server has not heard any more, and the next one. */
async function fellBack(options: RedisStoreOptions = {}) {
  const name = redis.newName()
  const store = redisStore(redis.server.url, name)
  await (await store.claim()).close()
  const goBack = await redis.remember(name)
  const former = await redisStore(redis.server.url, name, options).claim()
  onTestFinished(() => former.close())
  await commitAll(former, 'a', [1])
  await goBack()
  const next = await store.claim()
  onTestFinished(() => next.close())
  expect(next.epoch).toBe(former.epoch)
  return { name, store, former, next }
}

const DAMAGED = { code: 'STORE_DAMAGED', remedy: expect.stringContaining('Start the process again') }

test.each<[what: string, write: (former: StoreClaim) => Promise<unknown>]>([
  ['a key that nobody has', (former) => former.commit([request('b', 1)])],
  ['what follows, and what does not', (former) => former.commit([request('a', 5), request('a', 2)])],
  ['a quarantine', (former) => former.quarantine('a', 4, 'bad')],
  ['a removal', (former) => former.remove('a')],
])(
  'an owner whose claim a replica had not heard of is told, though the next one has the same epoch: %s',
  async (_, write) => {
    const { store, former, next } = await fellBack()
    await commitAll(next, 'a', [1, 2, 3, 4])
    await expect(write(former)).rejects.toMatchObject(DAMAGED)
    await expect(former.load('a')).rejects.toMatchObject(DAMAGED)
    expect((await next.list()).map(({ key, sequence }) => [key, sequence])).toEqual([['a', 4]])
    expect(await next.quarantined()).toEqual([])
    await former.close()
    await expect(store.claim()).rejects.toMatchObject({ code: 'STORE_LOCKED' })
    await commitAll(next, 'a', [5])
  },
)

test('an owner at rest whose claim a replica had not heard of is told by its next sign of life, which keeps nobody’s lock', async () => {
  const { name, former } = await fellBack({ lockMs: 150 })
  expect(await former.lost).toMatchObject(DAMAGED)
  expect(await redis.client.pttl(`{tardigrade:${name}}:lock`)).toBeGreaterThan(1000)
})

test('services at rest of an owner that has lost the store fail by its next sign of life', async () => {
  const name = redis.newName()
  let tell = (_error: Error) => {}
  const failed = new Promise<Error>((resolve) => {
    tell = resolve
  })
  const store = redisStore(redis.server.url, name, { lockMs: 150 })
  const supervisor = await createSupervisor({ store, onFailed: (_, error) => tell(error) })
  onTestFinished(async () => void (await supervisor.close()))
  await supervisor.start(defineService({ id: 'idle', version: 1, machine: createMachine({}) }))
  // Another one has the store as soon as it comes between two of those signs.
  const other = redisStore(redis.server.url, name)
  let second: StoreClaim | undefined
  while (second === undefined) {
    await redis.loseLock(name)
    second = await other.claim().catch(() => undefined)
  }
  const { close } = second
  onTestFinished(() => close())
  expect(await failed).toMatchObject({ code: 'STALE_EPOCH', service: 'idle', key: 'idle' })
})

test('a server that has gone back within the time of an owner is told as damaged, whatever is written next', async () => {
  const name = redis.newName()
  const claim = await redisStore(redis.server.url, name).claim()
  onTestFinished(() => claim.close())
  await commitAll(claim, 'a', [1])
  const goBack = await redis.remember(name)
  await commitAll(claim, 'a', [2, 3])
  await goBack()
  for (const next of [request('a', 4), request('a', 2), request('b', 1)])
    await expect(claim.commit([next])).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
  await claim.close()
  // Whoever claims it goes on from what is there.
  const next = await redisStore(redis.server.url, name).claim()
  onTestFinished(() => next.close())
  await commitAll(next, 'a', [2])
})
