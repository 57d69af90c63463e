import { createSupervisor } from 'tardigrade'
import { afterEach, expect, test, vi } from 'vitest'
import { settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { Life } from '../kit/kill.js'
import { counter } from './machines.js'

afterEach(() => void vi.restoreAllMocks())

test('what a service at rest reads again for an event does not grow with its inbox', async () => {
  const supervisor = await createSupervisor({ store: new FaultyStore() })
  const service = await supervisor.start(counter())
  await service.pause()
  await settle()
  const parse = vi.spyOn(JSON, 'parse')
  const read: number[] = []
  for (const _ of [1, 2, 3]) {
    parse.mockClear()
    for (let n = 0; n < 10; n++) await service.send({ type: 'ADD' })
    read.push(parse.mock.calls.reduce((sum, [text]) => sum + text.length, 0))
  }
  expect(read[0]).toBeGreaterThan(0)
  // Its own first commit is as long as any; after that nothing grows.
  expect(read[2]).toBe(read[1])
  await service.resume()
  expect(service.machine.getSnapshot().context.n).toBe(30)
})

test('what comes while it rests is kept in every life', async () => {
  const life = new Life(counter())
  let service = await life.start()
  await service.send({ type: 'ADD' })
  await service.pause()
  for (const _ of [1, 2, 3]) {
    await service.send({ type: 'ADD' })
    await service.send({ type: 'ADD' })
    service = await life.restart()
    expect(service.getSnapshot().value).toBe('paused')
  }
  await service.resume()
  expect(service.machine.getSnapshot().context.n).toBe(7)
})
