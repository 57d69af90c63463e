import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSupervisor } from 'tardigrade'
import { manualHost } from 'tardigrade/hosts/manual'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, test } from 'vitest'
import outbox, { makeOutbox } from '../../machines/outbox/index.js'
import { ManualClock } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import { contextOf, isEmpty, keysOf, lanesOf, receiver, until } from './outbox-kit.js'

const policy = { baseDelayMs: 1000, maxTries: 5 }
const HOUR_MS = 3_600_000

test('a pause cuts a stalled try off, and going on sends it again with the same key', async () => {
  await using server = await receiver()
  const life = new Life(outbox, { policy })
  const service = await life.start()
  server.fail({ stall: 'after' })
  await service.send({ type: 'ENQUEUE', id: 'a', url: server.url, body: '' })
  await server.sees(() => true)
  const pausing = service.pause('user', { deadlineMs: 500 })
  await life.clock.advance(500)
  await pausing
  await service.send({ type: 'ENQUEUE', id: 'b', url: server.url, body: '' })
  expect(keysOf(server.requests)).toEqual(['a'])
  await service.resume('user')
  await until(() => isEmpty(service))
  expect(keysOf(server.requests)).toEqual(['a', 'a', 'b'])
  // Being cut off is no failure of the endpoint.
  expect(contextOf(service).dead).toEqual([])
})

test('a try that ends within the grace is not sent again', async () => {
  await using server = await receiver()
  const platform = manualHost()
  const life = new Life(outbox, { policy }, { host: platform.host })
  const service = await life.start()
  server.fail({ stall: 'before' })
  await service.send({ type: 'ENQUEUE', id: 'a', url: server.url, body: '' })
  await server.sees(() => true)
  const interrupting = platform.interrupt('offline', { deadlineMs: 500 })
  server.release()
  await interrupting
  expect(service.getSnapshot().value).toBe('paused')
  await platform.release('offline')
  await until(() => isEmpty(service))
  expect(keysOf(server.requests)).toEqual(['a'])
})

test('kill -9 in the middle of a try sends it again with the same key, and in order', async () => {
  await using server = await receiver()
  const life = new Life(outbox, { policy })
  const before = await life.start()
  server.fail({ stall: 'after' })
  await before.send({ type: 'ENQUEUE', id: 'a', url: server.url, body: '' })
  await before.send({ type: 'ENQUEUE', id: 'b', url: server.url, body: '' })
  await server.sees(() => true)
  const service = await life.restart()
  await until(() => isEmpty(service))
  expect(keysOf(server.requests)).toEqual(['a', 'a', 'b'])
})

test('goes on in a new supervisor on SQLite: what waits, what is dead, and how long it waits', async () => {
  await using server = await receiver()
  const folder = await mkdtemp(join(tmpdir(), 'outbox-'))
  const clock = new ManualClock()
  const first = await createSupervisor({ store: sqliteStore(folder), clock })
  const before = await first.start(outbox, { input: { policy } })
  server.fail({ answer: 404 }, { answer: 503, headers: { 'Retry-After': '60' } })
  for (const id of ['dead', 'a', 'b']) {
    await before.send({ type: 'ENQUEUE', id, url: server.url, body: '' })
  }
  await until(() => lanesOf(before)[0] === 'backingOff')
  expect(await first.close()).toEqual({ safe: ['outbox'], unsafe: [] })
  await server.stop()
  clock.jump(50_000)
  await server.start()

  const second = await createSupervisor({ store: sqliteStore(folder), clock })
  const service = await second.start(outbox)
  expect(contextOf(service).dead.map(({ notification }) => notification.id)).toEqual(['dead'])
  await service.send({ type: 'REDELIVER' })
  await clock.advance(9_999)
  expect(keysOf(server.requests)).toEqual(['dead', 'a'])
  await clock.advance(1)
  await until(() => isEmpty(service))
  expect(keysOf(server.requests)).toEqual(['dead', 'a', 'a', 'b', 'dead'])
  await second.close()
  await rm(folder, { recursive: true })
})

test('in quiet hours only the urgent goes out; the rest follows in the morning, across kill -9', async () => {
  await using server = await receiver()
  const clock = new ManualClock(Date.UTC(2024, 0, 10, 21, 59))
  const quietHours = { from: '22:00', to: '07:00', timeZone: 'UTC' }
  const definition = makeOutbox({ now: () => clock.now() })
  const life = new Life(definition, { policy, quietHours }, { clock })
  const before = await life.start()
  const enqueue = (service: typeof before, id: string, urgent: boolean) =>
    service.send({ type: 'ENQUEUE', id, url: server.url, body: '', urgent })
  await enqueue(before, 'evening', false)
  await until(() => isEmpty(before))
  await clock.advance(60_000)
  await enqueue(before, 'a', false)
  await enqueue(before, 'alarm', true)
  await enqueue(before, 'b', false)
  await until(() => server.requests.length === 2 && lanesOf(before)[0] === 'quiet')
  await before.settled()
  clock.jump(4 * HOUR_MS)
  const service = await life.restart()
  await clock.advance(5 * HOUR_MS - 1)
  expect(keysOf(server.requests)).toEqual(['evening', 'alarm'])
  await clock.advance(1)
  await until(() => isEmpty(service))
  expect(keysOf(server.requests)).toEqual(['evening', 'alarm', 'a', 'b'])
})
