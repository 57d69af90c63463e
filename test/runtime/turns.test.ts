import { createSupervisor } from 'tardigrade'
import { expect, test } from 'vitest'
import { ManualClock, settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { counter } from './machines.js'

/** What an observer asks for in the middle of the lifecycle's own turn comes after it, and is answered no earlier. */
async function paused() {
  const log: string[] = []
  const supervisor = await createSupervisor({ store: new FaultyStore(), clock: new ManualClock() })
  const service = await supervisor.start(counter(log))
  await service.pause()
  return { service, log }
}

test('a pause that an observer of the machine asks for, as the inbox is applied', async () => {
  const { service, log } = await paused()
  for (let n = 0; n < 5; n++) void service.send({ type: 'INC' })
  await settle()
  let answered: Promise<unknown> | undefined
  service.machine.subscribe(({ context }) => {
    if (context.n === 2) answered = service.pause('mine').then(() => service.getSnapshot().value)
  })
  await service.resume()
  expect(await answered).toBe('paused')
  await service.resume('mine')
  await service.settled()
  expect(log).toEqual(['n=1', 'n=2', 'n=3', 'n=4', 'n=5'])
})

test('a resume that an observer of the service asks for', async () => {
  const { service } = await paused()
  await service.resume()
  let answered: Promise<unknown> | undefined
  service.subscribe(({ value }) => {
    if (value === 'paused') answered ??= service.resume('mine').then(() => service.getSnapshot().value)
  })
  await service.pause('mine').catch(() => {})
  await settle()
  expect(await answered).toBe('running')
})
