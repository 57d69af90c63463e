import { createSupervisor } from 'tardigrade'
import { postgresStore } from 'tardigrade/stores/postgres'
import { expect, onTestFinished, test } from 'vitest'
import { accepted, commitAll, request } from '../../src/testing/contract/store/requests.js'
import { Postgres } from './postgres-kit.js'
import { Counters, expectToldTogether, expectWhole, KEYS } from './server-kit.js'

/*
 * Faults: the server is killed while it is written to, and started again; the network breaks, between a commit and its answer too,
 * or swallows what is sent; the server stays away; another owner comes.
 */
const postgres = new Postgres()

test('a server that is killed again and again, and comes back, costs a wait and nothing else', async () => {
  const store = postgresStore(postgres.server.url, postgres.newName())
  const counters = new Counters(KEYS)
  await counters.start(store)
  const kill = async () => {
    await postgres.server.kill()
    await postgres.server.start()
  }
  await counters.send(40, new Map([20, 77, 141].map((count) => [count, kill])))
  await expectWhole(counters, store)
})

test('connections that break cost nothing, wherever they break', async () => {
  const { proxy, open } = await postgres.proxied()
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
  const { proxy, open } = await postgres.proxied()
  const claim = await open().claim()
  onTestFinished(() => claim.close())
  await commitAll(claim, 'a', [1])
  for (const sequence of [2, 3, 4]) {
    proxy.cutAtNextAnswer()
    accepted(await claim.commit([request('a', sequence)]))
  }
  proxy.cutAtNextAnswer()
  await claim.quarantine('a', 4, 'bad')
  expect((await claim.quarantined()).map(({ sequence }) => sequence)).toEqual([4])
  expect((await claim.load('a'))?.sequence).toBe(3)
  accepted(await claim.commit([request('a', 4)]))
  expect((await claim.history('a')).map(({ sequence }) => sequence)).toEqual([4, 3, 2])
})

test('what is never answered fails with a typed error, and the service goes on when it is retried', async () => {
  const { proxy, open } = await postgres.proxied()
  const counters = new Counters(KEYS)
  await counters.start(open({ patienceMs: 2000 }))
  await counters.send(3)
  proxy.halt()
  const sent = counters.get('a').send({ type: 'ADD' }, { key: 'a 4' })
  await expect(sent).rejects.toMatchObject({
    code: 'STORE_UNREACHABLE',
    service: 'counter',
    key: 'a',
    remedy: expect.stringContaining('retry the service'),
  })
  proxy.go()
  proxy.cut()
  // The server may have got it: the sender asks again under the same key, and it is applied once.
  await counters.send(2)
  await expectWhole(counters, open())
})

test('a server that stays away is waited for as long as was said, and is used again when it is back', async () => {
  const name = postgres.newName()
  const store = postgresStore(postgres.server.url, name, { patienceMs: 2000 })
  const counters = new Counters(KEYS)
  await counters.start(store)
  await counters.send(2)
  onTestFinished(() => postgres.server.start())
  await postgres.server.kill()
  const sent = counters.get('a').send({ type: 'ADD' }, { key: 'a 3' })
  await expect(sent).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' })
  await expect(postgresStore(postgres.server.url, name, { patienceMs: 100 }).claim()).rejects.toMatchObject({
    code: 'STORE_UNREACHABLE',
    cause: { code: 'ECONNREFUSED' },
  })
  await postgres.server.start()
  await counters.send(2)
  await expectWhole(counters, store)
})

test('an owner whose connection was lost to another one is told, and writes nothing', async () => {
  const { proxy, name, open } = await postgres.proxied()
  const counters = new Counters(KEYS)
  await counters.start(open())
  await counters.send(2)
  // The network is gone, and the server has noticed.
  proxy.halt()
  proxy.cut()
  const second = await postgresStore(postgres.server.url, name, { whenLocked: 'wait' }).claim()
  onTestFinished(() => second.close())
  const before = await second.list()
  proxy.go()
  await expect(counters.get('a').send({ type: 'ADD' })).rejects.toMatchObject({
    code: 'STALE_EPOCH',
    currentEpoch: second.epoch,
  })
  expect(await second.list()).toEqual(before)
})

test('who waits behind a commit for which the server was away too long is told with it', async () => {
  await expectToldTogether(
    postgres.server,
    postgresStore(postgres.server.url, postgres.newName(), { patienceMs: 1500 }),
  )
})

test('an owner at rest whose connection has broken says that the store is its own until another one has it', async () => {
  const { proxy, name, open } = await postgres.proxied()
  const supervisor = await createSupervisor({ store: open() })
  onTestFinished(async () => void (await supervisor.close()))
  proxy.cut()
  expect(await supervisor.ownsStore()).toBe(true)
  // The network is gone, and the server has noticed.
  proxy.halt()
  proxy.cut()
  const next = await postgresStore(postgres.server.url, name, { whenLocked: 'wait' }).claim()
  onTestFinished(() => next.close())
  proxy.go()
  expect(await supervisor.ownsStore()).toBe(false)
})

test('a commit that meets a claim waits for it, and is refused', async () => {
  const name = postgres.newName()
  const claim = await postgresStore(postgres.server.url, name).claim()
  onTestFinished(() => claim.close())
  await commitAll(claim, 'a', [1])
  const other = await postgres.pool.connect()
  onTestFinished(() => other.release())
  await other.query('BEGIN')
  await other.query('UPDATE tardigrade.store SET epoch = epoch + 1 WHERE name = $1', [name])
  let ended = false
  const commit = claim.commit([request('a', 2)]).finally(() => {
    ended = true
  })
  const refused = expect(commit).rejects.toMatchObject({ code: 'STALE_EPOCH' })
  const waiting = 'SELECT FROM pg_locks WHERE NOT granted'
  while (!ended && (await postgres.pool.query(waiting)).rows.length === 0);
  await other.query('COMMIT')
  await refused
  expect((await claim.history('a')).map(({ sequence }) => sequence)).toEqual([1])
})

test('an owner takes its lock back from the connection that it has lost, and shuts others out again', async () => {
  const { proxy, name, open } = await postgres.proxied()
  const claim = await open().claim()
  onTestFinished(() => claim.close())
  const other = postgresStore(postgres.server.url, name)
  const locked = { code: 'STORE_LOCKED', holderPid: process.pid }
  for (const sequence of [1, 2, 3]) {
    proxy.strand()
    await expect(other.claim()).rejects.toMatchObject(locked)
    await commitAll(claim, 'a', [sequence])
    await expect(other.claim()).rejects.toMatchObject(locked)
  }
})

const DAMAGED = { code: 'STORE_DAMAGED', remedy: expect.stringContaining('Start the process again') }

test.each([
  ['UPDATE tardigrade.store SET epoch = 0 WHERE name = $1'],
  [`UPDATE tardigrade.store SET token = 'another' WHERE name = $1`],
  ['UPDATE tardigrade.store SET written = 1 WHERE name = $1'],
  ['DELETE FROM tardigrade.checkpoint USING tardigrade.store WHERE store = id AND name = $1'],
])('a server that has lost what it had acknowledged is told as damaged: %s', async (statement) => {
  const name = postgres.newName()
  const claim = await postgresStore(postgres.server.url, name).claim()
  onTestFinished(() => claim.close())
  await commitAll(claim, 'a', [1, 2])
  await postgres.pool.query(statement, [name])
  const before = await claim.history('a')
  await expect(claim.commit([request('a', 3), request('b', 1)])).rejects.toMatchObject(DAMAGED)
  expect(await claim.history('a')).toEqual(before)
  expect(await claim.load('b')).toBeUndefined()
})

/** A store whose connections the kit knows by its name. */
function known(name: string) {
  const application = encodeURIComponent(`tardigrade.${name}`)
  return postgresStore(`${postgres.server.url}?application_name=${application}`, name)
}

test.each(['is there', 'has come and gone'])(
  'an owner whose claim a standby had not heard of is told, though the next one has the same epoch and %s',
  async (next) => {
    const name = postgres.newName()
    const store = known(name)
    const first = await store.claim()
    await commitAll(first, 'a', [1])
    await first.close()
    const goBack = await postgres.remember(name)
    const former = await store.claim()
    onTestFinished(() => former.close())
    await commitAll(former, 'a', [2])
    await goBack()
    const second = await store.claim()
    onTestFinished(() => second.close())
    expect(second.epoch).toBe(former.epoch)
    await commitAll(second, 'a', [2, 3, 4, 5, 6])
    const history = await second.history('a')
    if (next === 'has come and gone') await second.close()
    await expect(former.commit([request('a', 3), request('b', 1)])).rejects.toMatchObject(DAMAGED)
    await expect(former.quarantine('a', 6, 'bad')).rejects.toMatchObject(DAMAGED)
    await expect(former.remove('a')).rejects.toMatchObject(DAMAGED)
    // Nor has it kept the lock.
    const third = next === 'is there' ? second : await store.claim()
    onTestFinished(() => third.close())
    expect(await third.history('a')).toEqual(history)
    await commitAll(third, 'a', [7])
  },
)

test('a server that has gone back within the time of an owner is told as damaged, whatever is written next', async () => {
  const name = postgres.newName()
  const store = known(name)
  const claim = await store.claim()
  onTestFinished(() => claim.close())
  await commitAll(claim, 'a', [1])
  const goBack = await postgres.remember(name)
  await commitAll(claim, 'a', [2, 3])
  await goBack()
  for (const next of [request('a', 4), request('b', 1)])
    await expect(claim.commit([next])).rejects.toMatchObject(DAMAGED)
  await expect(claim.remove('a')).rejects.toMatchObject(DAMAGED)
  await claim.close()
  // Whoever claims it goes on from what is there.
  const next = await store.claim()
  onTestFinished(() => next.close())
  await commitAll(next, 'a', [2])
})
