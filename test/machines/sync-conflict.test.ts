import { describe, expect, test } from 'vitest'
import { makeSync, type Resolver } from '../../machines/sync/index.js'
import { settle } from '../kit/clock.js'
import { Life } from '../kit/kill.js'
import { between, contents, heard, localSide, reaches } from './sync-kit.js'
import { rowServer } from './sync-server.js'

const both: Resolver = (ours, theirs) => ({ data: { ...ours.data, ...theirs.data } })
const sync = makeSync({ policies: { both } })

/** Local changes at 10 and 20, the server's at 15 or 30. */
const cases = [
  ['server-wins', 15, { theirs: 1 }],
  ['client-wins', 30, { ours: 2 }],
  ['newest-wins', 15, { ours: 2 }],
  ['newest-wins', 30, { theirs: 1 }],
  ['newest-wins', 20, { theirs: 1 }],
  ['both', 15, { ours: 2, theirs: 1 }],
] as const

describe.each(cases)('%s, the server’s change at %i', (policy, theirsAtMs, expected) => {
  test('a conflict that the server finds when a change is pushed', async () => {
    await using server = await rowServer()
    using local = await localSide()
    server.change('a', { theirs: 0 }, 5)
    const service = await new Life(sync, { ...between(local, server), policy }).start()
    await reaches(service, 'resting')
    const events = heard(service)
    local.edit('a', { ours: 1 }, 10)
    local.edit('a', { ours: 2 }, 20)
    server.change('a', { theirs: 1 }, theirsAtMs)
    await service.send({ type: 'SYNC_NOW' })
    await reaches(service, 'resting')
    await service.settled()
    expect(contents(local)).toEqual(contents(server))
    expect(contents(local).a?.data).toEqual(expected)
    expect(events).toMatchObject([{ type: 'synced', conflicts: 1 }])
  })

  test('a conflict that is found when a page comes in', async () => {
    await using server = await rowServer()
    using local = await localSide()
    server.change('a', { theirs: 0 }, 5)
    const service = await new Life(sync, { ...between(local, server), policy }).start()
    await reaches(service, 'resting')
    server.http.fail({ stall: 'after' })
    const asked = server.http.requests.length
    server.change('a', { theirs: 1 }, theirsAtMs)
    await service.send({ type: 'SYNC_NOW' })
    await server.http.sees(() => server.http.requests.length > asked)
    local.edit('a', { ours: 1 }, 10)
    local.edit('a', { ours: 2 }, 20)
    // The handler has made the page once this turn is over.
    await settle()
    server.http.release()
    await reaches(service, 'resting')
    expect(contents(local)).toEqual(contents(server))
    expect(contents(local).a?.data).toEqual(expected)
  })
})

test('our own change that comes back is no conflict, even when its key was forgotten', async () => {
  await using server = await rowServer()
  using local = await localSide()
  const life = new Life(sync, { ...between(local, server), policy: 'server-wins' })
  local.edit('a', { ours: 1 })
  server.http.fail({ reset: 'in-answer' })
  const service = await life.start()
  await reaches(service, 'backingOff')
  local.edit('a', { ours: 2 })
  server.forgetKeys()
  await service.send({ type: 'SYNC_NOW' })
  await reaches(service, 'resting')
  expect(contents(local)).toEqual({ a: { version: 2, data: { ours: 2 } } })
  expect(contents(server)).toEqual(contents(local))
})
