import { expect, test } from 'vitest'
import outbox, { makeOutbox } from '../../machines/outbox/index.js'
import { Life } from '../kit/kill.js'
import { contextOf, heard, isEmpty, keysOf, lanesOf, receiver, until } from './outbox-kit.js'

const policy = { baseDelayMs: 1000, maxDelayMs: 8000, maxTries: 3, timeoutMs: 10_000 }

test('delivers in order, with the id as the key', async () => {
  await using server = await receiver()
  const service = await new Life(outbox).start()
  const events = heard(service)
  for (const id of ['a', 'b', 'c']) {
    await service.send({ type: 'ENQUEUE', id, url: server.url, body: { id }, headers: { 'X-Kind': 'test' } })
  }
  await until(() => isEmpty(service) && events.length === 3)
  expect(keysOf(server.requests)).toEqual(['a', 'b', 'c'])
  expect(JSON.parse(String(server.requests[0]?.body))).toEqual({ id: 'a' })
  expect(server.requests[0]?.headers).toMatchObject({ 'x-kind': 'test', 'content-type': 'application/json' })
  expect(events).toEqual(['a', 'b', 'c'].map((id) => ({ type: 'delivered', id, url: server.url, tries: 1 })))
  expect(service.machine.getSnapshot().children).toEqual({})
})

test('a failing endpoint keeps its order and does not hold up another', async () => {
  await using failing = await receiver()
  await using healthy = await receiver()
  const life = new Life(outbox, { policy })
  const service = await life.start()
  failing.fail({ answer: 503 }, { reset: 'in-answer' })
  await service.send({ type: 'ENQUEUE', id: 'a', url: failing.url, body: '1' })
  await service.send({ type: 'ENQUEUE', id: 'b', url: failing.url, body: '2' })
  await service.send({ type: 'ENQUEUE', id: 'c', url: healthy.url, body: '3' })
  await until(() => healthy.requests.length === 1 && lanesOf(service)[0] === 'backingOff')
  await life.clock.advance(1000)
  await until(() => failing.requests.length === 2 && lanesOf(service)[0] === 'backingOff')
  await life.clock.advance(2000)
  await until(() => isEmpty(service))
  expect(keysOf(failing.requests)).toEqual(['a', 'a', 'a', 'b'])
})

test('waits at least as long as Retry-After asks, also across kill -9', async () => {
  await using server = await receiver()
  const life = new Life(outbox, { policy })
  server.fail({ answer: 429, headers: { 'Retry-After': '120' } })
  const before = await life.start()
  await before.send({ type: 'ENQUEUE', id: 'a', url: server.url, body: '' })
  await until(() => lanesOf(before)[0] === 'backingOff')
  await before.settled()
  life.clock.jump(100_000)
  const service = await life.restart()
  await life.clock.advance(19_999)
  expect(lanesOf(service)).toEqual(['backingOff'])
  await life.clock.advance(1)
  await until(() => isEmpty(service))
  expect(keysOf(server.requests)).toEqual(['a', 'a'])
})

test('a permanent failure is dead at once, exhausted tries are dead at the end', async () => {
  await using server = await receiver()
  const life = new Life(outbox, { policy: { ...policy, maxTries: 2 } })
  const service = await life.start()
  const events = heard(service)
  server.fail({ answer: 410 }, { answer: 500 }, { answer: 500 })
  await service.send({ type: 'ENQUEUE', id: 'gone', url: server.url, body: '' })
  await service.send({ type: 'ENQUEUE', id: 'bad', url: server.url, body: '' })
  await until(() => lanesOf(service)[0] === 'backingOff')
  await life.clock.advance(1000)
  await until(() => isEmpty(service) && events.length === 2)
  expect(events).toEqual([
    { type: 'dead', id: 'gone', reason: 'The endpoint answered 410.', tries: 1 },
    { type: 'dead', id: 'bad', reason: 'The endpoint answered 500.', tries: 2 },
  ])
  expect(contextOf(service).dead.map(({ notification }) => notification.id)).toEqual(['gone', 'bad'])

  await service.send({ type: 'DISCARD', id: 'gone' })
  await service.send({ type: 'REDELIVER', id: 'bad' })
  await until(() => isEmpty(service))
  expect(contextOf(service).dead).toEqual([])
  expect(keysOf(server.requests)).toEqual(['gone', 'bad', 'bad', 'bad'])
})

test('a redirect is no delivery', async () => {
  await using server = await receiver()
  const service = await new Life(outbox).start()
  server.fail({ answer: 302, headers: { Location: '/elsewhere' } })
  await service.send({ type: 'ENQUEUE', id: 'a', url: server.url, body: '' })
  await until(() => contextOf(service).dead.length === 1)
  expect(server.requests).toHaveLength(1)
})

test('a stalled endpoint costs one try, and the server may come back after a while', async () => {
  await using server = await receiver()
  const life = new Life(outbox, { policy: { ...policy, timeoutMs: 50 } })
  const service = await life.start()
  server.fail({ stall: 'before' })
  await service.send({ type: 'ENQUEUE', id: 'a', url: server.url, body: '' })
  await until(() => lanesOf(service)[0] === 'backingOff')
  await server.stop()
  await life.clock.advance(1000)
  await until(() => lanesOf(service)[0] === 'backingOff')
  await server.start()
  await life.clock.advance(2000)
  await until(() => isEmpty(service))
  expect(new Set(keysOf(server.requests))).toEqual(new Set(['a']))
  expect(contextOf(service).dead).toEqual([])
})

test('refuses what is known, what is invalid and what does not fit', async () => {
  await using server = await receiver()
  const service = await new Life(outbox, { capacity: 2 }).start()
  const events = heard(service)
  server.fail({ stall: 'before' })
  const enqueue = (id: string, url = server.url) => service.send({ type: 'ENQUEUE', id, url, body: '' })
  await enqueue('a')
  await enqueue('a')
  await enqueue('b')
  await enqueue('c')
  await enqueue('d', 'ftp://example.org/')
  await enqueue('two words')
  await server.sees(() => true)
  server.release()
  await until(() => isEmpty(service))
  await enqueue('b')
  await service.settled()
  const refused = events.flatMap((event) => (event.type === 'refused' ? [[event.id, event.reason]] : []))
  expect(refused).toEqual([
    ['a', 'known'],
    ['c', 'full'],
    ['d', 'invalid'],
    ['two words', 'invalid'],
    ['b', 'known'],
  ])
  expect(keysOf(server.requests)).toEqual(['a', 'b'])
})

test('credentials go out and are not stored', async () => {
  await using server = await receiver()
  const life = new Life(makeOutbox({ credentials: () => ({ Authorization: 'secret-token' }) }))
  const service = await life.start()
  await service.send({ type: 'ENQUEUE', id: 'a', url: server.url, body: '' })
  await until(() => isEmpty(service))
  await service.settled()
  expect(server.requests[0]?.headers.authorization).toBe('secret-token')
  const reader = await life.store.read()
  for (const { text } of await reader.history('life')) expect(text).not.toContain('secret-token')
})

test('an endpoint may have a policy of its own', async () => {
  await using server = await receiver()
  const input = { policy, endpoints: { [`${server.url}/once`]: { maxTries: 1 } } }
  const service = await new Life(outbox, input).start()
  server.fail({ answer: 500 }, { answer: 500 })
  await service.send({ type: 'ENQUEUE', id: 'a', url: `${server.url}/once?token=1`, body: '' })
  await until(() => contextOf(service).dead.length === 1)
  await service.send({ type: 'ENQUEUE', id: 'b', url: `${server.url}/patient`, body: '' })
  await until(() => lanesOf(service)[0] === 'backingOff')
  expect(contextOf(service).dead.map(({ notification }) => notification.id)).toEqual(['a'])
})

test('quiet hours that cannot be read are refused at the start', async () => {
  const life = new Life(outbox, { quietHours: { from: '10 pm', to: '07:00', timeZone: 'UTC' } })
  const service = await life.start()
  expect(service.getSnapshot().value).toBe('failed')
  expect(String(life.failures[0]?.cause)).toContain('10 pm')
})

test('nothing in it warns of what could not be run again', () => {
  expect(outbox.warnings).toEqual([])
})
