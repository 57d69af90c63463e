import { join } from 'node:path'
import { createSupervisor } from 'tardigrade'
import { sqliteStore } from 'tardigrade/stores/sqlite'
import { expect, test } from 'vitest'
import sync, { discardChanges } from '../../machines/sync/index.js'
import { ManualClock, settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import { between, contents, localSide, reaches, stateOf } from './sync-kit.js'
import { rowServer } from './sync-server.js'

test('a pause between two pages goes on with the second page', async () => {
  await using server = await rowServer()
  using local = await localSide()
  for (let n = 0; n < 4; n++) server.change(`row-${n}`, { n })
  const life = new Life(sync, { ...between(local, server), pageSize: 2 })
  server.http.fail({ stall: 'after' })
  const service = await life.start()
  await server.http.sees(() => true)
  await settle()
  const pausing = service.pause('user')
  server.http.release()
  await pausing
  expect(Object.keys(contents(local))).toEqual(['row-0', 'row-1'])
  await service.resume('user')
  await reaches(service, 'resting')
  expect(contents(local)).toEqual(contents(server))
  expect(server.http.requests.map(({ path }) => path)).toEqual(['/notes?limit=2', '/notes?cursor=2&limit=2'])
})

test('a pause that cannot wait cuts the request off, and its answer is not applied', async () => {
  await using server = await rowServer()
  using local = await localSide()
  server.change('a', { n: 1 })
  const life = new Life(sync, between(local, server))
  server.http.fail({ stall: 'after' })
  const service = await life.start()
  await server.http.sees(() => true)
  await settle()
  const pausing = service.pause('user', { deadlineMs: 500 })
  await life.clock.advance(500)
  await pausing
  server.http.release()
  await settle()
  expect(contents(local)).toEqual({})
  await service.resume('user')
  await reaches(service, 'resting')
  expect(contents(local)).toEqual(contents(server))
})

test('kill -9 after the server took a change, before its answer came: it is taken once', async () => {
  await using server = await rowServer()
  using local = await localSide()
  local.edit('a', { n: 1 })
  const life = new Life(sync, between(local, server))
  server.http.fail({ stall: 'after' })
  await life.start()
  await server.http.sees(({ method }) => method === 'POST')
  local.edit('a', { n: 2 })
  const service = await life.restart()
  await reaches(service, 'resting')
  server.http.release()
  await settle()
  const keys = server.http.requests.flatMap(({ headers }) => headers['idempotency-key'] ?? [])
  expect(keys[1]).toBe(keys[0])
  expect(server.accepted).toHaveLength(2)
  expect(contents(local)).toEqual({ a: { version: 2, data: { n: 2 } } })
  expect(contents(server)).toEqual(contents(local))
})

test('goes on in a new supervisor on SQLite, and the interval goes on meanwhile', async () => {
  await using server = await rowServer()
  using local = await localSide()
  const clock = new ManualClock()
  const store = () => sqliteStore(join(local.path, '..', 'store'))
  const input = { ...between(local, server), everyMs: 60_000 }
  const first = await createSupervisor({ store: store(), clock })
  await reaches(await first.start(sync, { input }), 'resting')
  expect(await first.close()).toEqual({ safe: ['sync'], unsafe: [] })
  await server.http.stop()
  server.change('a', { n: 1 })
  local.edit('b', { n: 2 })
  clock.jump(50_000)
  await server.http.start()

  const second = await createSupervisor({ store: store(), clock })
  const service = await second.start(sync, { input })
  await clock.advance(9_999)
  expect(stateOf(service)).toBe('resting')
  await clock.advance(1)
  await reaches(service, 'resting')
  expect(contents(local)).toEqual(contents(server))
  expect(Object.keys(contents(local))).toEqual(['a', 'b'])
  await second.close()
})

test('what the server refuses for good can be discarded, and the server’s rows come back', async () => {
  await using server = await rowServer()
  using local = await localSide()
  server.change('a', { n: 1 })
  const service = await new Life(sync, between(local, server)).start()
  await reaches(service, 'resting')
  local.edit('a', { n: 'not allowed' })
  server.http.fail({ answer: 422 })
  await service.send({ type: 'SYNC_NOW' })
  await reaches(service, 'blocked')
  discardChanges(local.tables.database, 'notes', 'a')
  await service.send({ type: 'SYNC_NOW' })
  await reaches(service, 'resting')
  expect(contents(local)).toEqual({ a: { version: 1, data: { n: 1 } } })
})
