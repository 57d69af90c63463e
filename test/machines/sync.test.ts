import { expect, test } from 'vitest'
import sync, { makeSync } from '../../machines/sync/index.js'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import { between, contents, heard, localSide, reaches, stateOf } from './sync-kit.js'
import { rowServer } from './sync-server.js'

test('pulls page by page, pushes, and does so again after the interval', async () => {
  await using server = await rowServer()
  using local = await localSide()
  for (let n = 0; n < 5; n++) server.change(`remote-${n}`, { n })
  local.edit('local', { text: 'one' })
  local.edit('local', { text: 'two' })
  const life = new Life(sync, { ...between(local, server), pageSize: 2, everyMs: 1000 })
  const service = await life.start()
  await reaches(service, 'resting')
  expect(contents(local)).toEqual(contents(server))
  expect(contents(local).local).toEqual({ version: 7, data: { text: 'two' } })
  expect(server.accepted).toHaveLength(2)

  const events = heard(service)
  server.change('remote-0', null)
  local.edit('remote-1', null)
  await life.clock.advance(999)
  expect(stateOf(service)).toBe('resting')
  await life.clock.advance(1)
  await reaches(service, 'resting')
  await service.settled()
  expect(Object.keys(contents(local))).toEqual(['local', 'remote-2', 'remote-3', 'remote-4'])
  expect(contents(local)).toEqual(contents(server))
  expect(events).toEqual([{ type: 'synced', pulled: 2, pushed: 1, conflicts: 0 }])
})

test('backs off while the server fails, honours Retry-After, and does not wait on SYNC_NOW', async () => {
  await using server = await rowServer()
  using local = await localSide()
  server.change('a', { n: 1 })
  const life = new Life(sync, { ...between(local, server), baseDelayMs: 1000 })
  server.http.fail({ answer: 503, headers: { 'Retry-After': '60' } }, { reset: 'in-answer' }, { answer: 500 })
  const service = await life.start()
  await reaches(service, 'backingOff')
  await life.clock.advance(59_999)
  expect(stateOf(service)).toBe('backingOff')
  await life.clock.advance(1)
  await reaches(service, 'backingOff')
  await life.clock.advance(2000)
  await reaches(service, 'backingOff')
  expect(service.machine.getSnapshot().context.failures).toBe(3)
  await service.send({ type: 'SYNC_NOW' })
  await reaches(service, 'resting')
  expect(service.machine.getSnapshot().context.failures).toBe(0)
  expect(contents(local)).toEqual(contents(server))
})

test('waits for somebody when the server refuses for good', async () => {
  await using server = await rowServer()
  using local = await localSide()
  const service = await new Life(sync, between(local, server)).start()
  await reaches(service, 'resting')
  const events = heard(service)
  server.http.fail({ answer: 401 })
  await service.send({ type: 'SYNC_NOW' })
  await reaches(service, 'blocked')
  await service.settled()
  expect(events).toEqual([{ type: 'failed', reason: 'The server answered 401.', isPermanent: true }])
  await service.send({ type: 'SYNC_NOW' })
  await reaches(service, 'resting')
})

test('a server that stalls costs one try', async () => {
  await using server = await rowServer()
  using local = await localSide()
  local.edit('a', { n: 1 })
  server.http.fail({ stall: 'after' })
  const life = new Life(sync, { ...between(local, server), timeoutMs: 50 })
  const service = await life.start()
  await reaches(service, 'backingOff')
  await life.clock.advance(1000)
  await reaches(service, 'resting')
  expect(contents(local)).toEqual({ a: { version: 1, data: { n: 1 } } })
  expect(server.accepted).toHaveLength(1)
})

test('a SYNC_NOW during a sync brings another one', async () => {
  await using server = await rowServer()
  using local = await localSide()
  server.http.fail({ stall: 'after' })
  const service = await new Life(sync, between(local, server)).start()
  await server.http.sees(() => true)
  await settle()
  server.change('late', { n: 1 })
  await service.send({ type: 'SYNC_NOW' })
  server.http.release()
  await reaches(service, 'resting')
  expect(contents(local)).toEqual(contents(server))
})

test('a policy that nobody declared is refused at the start', async () => {
  await using server = await rowServer()
  using local = await localSide()
  const life = new Life(makeSync<'mine'>(), { ...between(local, server), policy: 'mine' })
  const service = await life.start()
  expect(service.getSnapshot().value).toBe('failed')
  expect(String(life.failures[0]?.cause)).toContain('No conflict policy is named “mine”')
})

test('nothing in it warns of what could not be run again', () => {
  expect(sync.warnings).toEqual([])
})
