import { Redis } from 'ioredis'
import { createSupervisor, defineService } from 'tardigrade'
import { type RedisStoreOptions, redisPersistence, redisStore } from 'tardigrade/stores/redis'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createMachine } from 'xstate'
import { promiseOf } from '../../src/stores/redis/persistence.js'
import { accepted, commitAll, request } from '../../src/testing/contract/store/requests.js'
import { describeStoreContract } from './contract.js'
import { RedisUnderTest } from './redis-kit.js'

const redis = new RedisUnderTest()

describeStoreContract('redis', ({ keep }) => redis.underTest({ keep }), { runs: 15 })

/** A claim that goes away with the test, of a store of its own. */
async function claimed(options: RedisStoreOptions = {}, name = redis.newName()) {
  const claim = await redisStore(redis.server.url, name, options).claim()
  onTestFinished(() => claim.close())
  return claim
}

/** Settings of the server for this test. */
async function set(settings: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(settings)) {
    const [, before] = (await redis.client.call('CONFIG', 'GET', name).then(flat)) as [string, string]
    await redis.client.call('CONFIG', 'SET', name, value)
    onTestFinished(async () => void (await redis.client.call('CONFIG', 'SET', name, before)))
  }
}

const flat = (answer: unknown) => (Array.isArray(answer) ? answer : Object.entries(answer ?? {}).flat())

test('keeps what it is asked to keep from the next commit on', async () => {
  const name = redis.newName()
  let sequence = 0
  const steps: readonly (readonly [keep: number | undefined, commits: number, expected: number])[] = [
    [3, 7, 3],
    [5, 5, 5],
    [undefined, 1, 5],
    [2, 1, 2],
    [1, 1, 1],
    [100, 3, 4],
  ]
  for (const [keep, commits, expected] of steps) {
    const claim = await redisStore(redis.client, name, keep === undefined ? {} : { keep }).claim()
    for (let done = 0; done < commits; done++) await commitAll(claim, 'a', [++sequence])
    const texts = (await claim.history('a')).map(({ text }) => text)
    expect(texts).toEqual(Array.from({ length: expected }, (_, index) => `a at ${sequence - index}`))
    await claim.close()
  }
})

test('all of a store has one prefix, and nothing is left of what was removed', async () => {
  const name = redis.newName()
  const claim = await claimed({}, name)
  await commitAll(claim, 'a', [1, 2])
  await claim.quarantine('a', 2, 'bad')
  const keys = async () =>
    (await redis.client.keys(`{tardigrade:${name}}:*`)).map((key) => key.split('}:')[1]).sort()
  expect(await keys()).toEqual(['aside:a', 'asides', 'at:a', 'keys', 'lock', 'owner'])
  await claim.remove('a')
  expect(await keys()).toEqual(['lock', 'owner'])
  await claim.close()
  expect(await keys()).toEqual(['owner'])
})

describe('the lock', () => {
  test('is kept for as long as its owner lives, whether it writes or not', async () => {
    const name = redis.newName()
    const claim = await claimed({ lockMs: 150 }, name)
    await redis.loseLock(name)
    const lock = `{tardigrade:${name}}:lock`
    // The next renewal brings it back, and the ones after it keep it.
    for (let lives = 0; lives < 3; ) lives += (await redis.client.pttl(lock)) > 100 ? 1 : 0
    await redis.loseLock(name)
    await commitAll(claim, 'a', [1])
    expect(await redis.client.exists(lock)).toBe(1)
  })

  test('of an owner that has died ends by itself, and whoever waits has it then', async () => {
    const name = redis.newName()
    const client = new Redis(redis.server.url)
    const dying = await redisStore(client, name, { lockMs: 300 }).claim()
    client.disconnect()
    const waiting = await claimed({ whenLocked: 'wait' }, name)
    expect(waiting.epoch).toBe(dying.epoch + 1)
    await dying.close()
  })

  test('is given to whoever waits when its owner closes the store', async () => {
    const name = redis.newName()
    const first = await claimed({}, name)
    const waiting = claimed({ whenLocked: 'wait' }, name)
    await commitAll(first, 'a', [1])
    await first.close()
    const second = await waiting
    expect(second.epoch).toBe(first.epoch + 1)
    await commitAll(second, 'a', [2])
  })
})

describe('a server that keeps no store', () => {
  test('has no memory to spare', async () => {
    const claim = await claimed()
    await commitAll(claim, 'a', [1])
    await set({ maxmemory: '1' })
    await expect(claim.commit([request('a', 2), request('b', 1)])).rejects.toMatchObject({
      code: 'STORE_FULL',
    })
    await redis.client.call('CONFIG', 'SET', 'maxmemory', '0')
    expect((await claim.list()).map(({ key, sequence }) => [key, sequence])).toEqual([['a', 1]])
    accepted(await claim.commit([request('a', 2), request('b', 1)]))
  })

  test('wants a password that nobody has given, or another one', async () => {
    await set({ requirepass: 'secret' })
    const known = { code: 'STORE_NOT_WRITABLE', remedy: expect.stringContaining('the password') }
    await expect(claimed()).rejects.toMatchObject({ ...known, message: expect.stringContaining('NOAUTH') })
    const wrong = redis.server.url.replace('//', '//:other@')
    await expect(redisStore(wrong, redis.newName()).claim()).rejects.toMatchObject(known)
    await expect(redisPersistence(redis.server.url)).rejects.toMatchObject(known)
    const right = redis.server.url.replace('//', '//:secret@')
    const claim = await redisStore(right, redis.newName()).claim()
    await claim.close()
  })

  test('is a replica', async () => {
    await redis.client.call('REPLICAOF', '127.0.0.1', '1')
    onTestFinished(async () => void (await redis.client.call('REPLICAOF', 'NO', 'ONE')))
    await expect(claimed()).rejects.toMatchObject({ code: 'STORE_NOT_WRITABLE' })
  })

  test('gives this user no right', async () => {
    await redis.client.call(
      'ACL',
      'SETUSER',
      'reader',
      'on',
      'nopass',
      '~*',
      '+@read',
      '+@scripting',
      '+info',
      '+client',
    )
    const url = redis.server.url.replace('127', 'reader:x@127')
    await expect(redisStore(url, 'any', { durability: 'none' }).claim()).rejects.toMatchObject({
      code: 'STORE_NOT_WRITABLE',
      location: `any in Redis at 127.0.0.1:${redis.server.port}`,
    })
  })

  test('holds something else under the same name', async () => {
    const name = redis.newName()
    const claim = await claimed({}, name)
    await redis.client.set(`{tardigrade:${name}}:at:a`, 'mine')
    await expect(claim.load('a')).rejects.toMatchObject({ code: 'STORE_DAMAGED', key: 'a' })
    await expect(claim.commit([request('a', 1)])).rejects.toMatchObject({ code: 'STORE_DAMAGED' })
    await redis.client.del(`{tardigrade:${name}}:at:a`)
    await redis.client.hset(`{tardigrade:${name}}:at:a`, 's1', '{"service":1}', 't1', '')
    await expect(claim.load('a')).rejects.toMatchObject({
      code: 'STORE_DAMAGED',
      key: 'a',
      remedy: expect.stringContaining('Restore what the server had'),
    })
  })

  test('was written by newer code', async () => {
    const name = redis.newName()
    await (await claimed({}, name)).close()
    await redis.client.hset(`{tardigrade:${name}}:owner`, 'format', 9)
    const newer = { code: 'NEWER_STORE', storedFormat: 9 }
    await expect(claimed({}, name)).rejects.toMatchObject(newer)
    const reader = await redisStore(redis.client, name).read()
    await expect(reader.list()).rejects.toMatchObject(newer)
  })
})

describe('what the settings promise', () => {
  test.each([
    [{ appendonly: 'yes', appendfsync: 'always' }, 'power', 'nothing is lost'],
    [
      { appendonly: 'yes', appendfsync: 'always', 'no-appendfsync-on-rewrite': 'yes' },
      'process',
      'rewrites its log',
    ],
    [{ appendonly: 'yes', appendfsync: 'everysec' }, 'process', 'last second or two'],
    [{ appendonly: 'yes', appendfsync: 'no' }, 'process', 'not written yet'],
    [{ appendonly: 'yes' }, 'process', 'unknown'],
    [{ appendonly: 'no', save: '3600 1' }, 'none', 'last snapshot'],
    [{ appendonly: 'no', save: '' }, 'none', 'all is lost'],
    [
      { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'allkeys-lru', maxmemory: '9' },
      'none',
      'drops',
    ],
    [
      { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'allkeys-lru', maxmemory: '0' },
      'power',
      '',
    ],
    [{}, 'none', 'does not tell'],
  ] as const)('%o: %s', (settings, durability, says) => {
    const promised = promiseOf(settings)
    expect(promised).toEqual({ durability, says: expect.stringContaining(says) })
  })

  test('is asked of the server, and a claim that asks for more is refused with the remedy', async () => {
    expect(await redisPersistence(redis.client)).toMatchObject({ durability: 'power' })
    await set({ appendfsync: 'everysec' })
    expect(await redisPersistence(redis.server.url)).toMatchObject({ durability: 'process' })
    await expect(claimed()).rejects.toMatchObject({
      code: 'STORE_NOT_DURABLE',
      asked: 'power',
      message: expect.stringContaining('appendfsync everysec'),
      remedy: expect.stringMatching(/appendfsync to always.*durability: 'process'/),
    })
    await (await claimed({ durability: 'process' })).close()
    await (await claimed({ checkDurability: false })).close()
    await set({ appendonly: 'no' })
    await expect(claimed({ durability: 'process' })).rejects.toMatchObject({ code: 'STORE_NOT_DURABLE' })
    expect(redisStore(redis.client, 'any', { durability: 'none' }).durability).toBe('none')
    await (await claimed({ durability: 'none' })).close()
  })

  test('is told as far as INFO knows where CONFIG is forbidden, and as nothing where INFO is, too', async () => {
    for (const [user, rights, durability, says] of [
      ['guest', ['+@all', '-config'], 'process', 'appendfsync unknown'],
      ['stranger', ['+@all', '-config', '-info'], 'none', 'does not tell'],
    ] as const) {
      await redis.client.call('ACL', 'SETUSER', user, 'on', 'nopass', '~*', ...rights)
      const client = new Redis(redis.server.url.replace('127', `${user}:x@127`), { enableReadyCheck: false })
      onTestFinished(() => client.disconnect())
      expect(await redisPersistence(client)).toEqual({ durability, says: expect.stringContaining(says) })
    }
  })
})

test.each([
  () => redisStore('', 'a'),
  () => redisStore({} as never, 'a'),
  () => redisStore('redis://x', ''),
  () => redisStore('redis://x', 'a', { durability: 'disk' as never }),
  () => redisStore('redis://x', 'a', { lockMs: 5 }),
  () => redisStore('redis://x', 'a', { patience: 5 } as never),
])('%s is refused', (make) => {
  expect(make).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }))
})

test('a service lives in it', async () => {
  const store = redisStore(redis.server.url, redis.newName())
  const machine = createMachine({ initial: 'off', states: { off: { on: { PRESS: 'on' } }, on: {} } })
  const lamp = defineService({ id: 'lamp', version: 1, machine })
  const first = await createSupervisor({ store })
  await (await first.start(lamp)).send({ type: 'PRESS' })
  await first.close()
  const second = await createSupervisor({ store })
  expect((await second.start(lamp)).machine.getSnapshot().value).toBe('on')
  await second.close()
})
