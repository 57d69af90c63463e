import { createSupervisor, defineService, NotRevivedError, type Service } from 'tardigrade'
import { expect, test } from 'vitest'
import { settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { counter } from './machines.js'

/** A supervisor whose services are revived when we say so. */
async function scene() {
  const store = new FaultyStore()
  const supervisor = await createSupervisor({ store, onFailed: () => {}, onWarning: () => {} })
  return { store, supervisor }
}

/** What an observer of the machine hears, as it comes. */
function heard(service: Pick<Service, 'machine'>): unknown[] {
  const all: unknown[] = []
  service.machine.subscribe({
    next: (snapshot) => all.push((snapshot as { readonly context: unknown }).context),
    error: (error) => all.push(error),
    complete: () => all.push('complete'),
  })
  return all
}

test('a machine that was never revived has no snapshot, and says so', async () => {
  const { store, supervisor } = await scene()
  store.loads.shut()
  const starting = supervisor.start(counter())
  await settle()
  const [service] = supervisor.services()
  expect(() => service?.machine.getSnapshot()).toThrow(NotRevivedError)
  store.loads.open()
  expect((await starting).machine.getSnapshot().context).toEqual({ n: 0, seen: [] })
})

test('of a service that cannot be revived, reading its machine leads to the failure', async () => {
  const { store, supervisor } = await scene()
  const { id, machine } = counter()
  const newer = defineService({ id, machine, version: 2 })
  await supervisor.start(newer, { key: 'k' })
  await supervisor.close()
  const old = await createSupervisor({ store, onFailed: () => {} })
  const service = await old.start(counter(), { key: 'k' })
  const read = () => service.machine.getSnapshot()
  expect(read).toThrow(expect.objectContaining({ code: 'NOT_REVIVED', service: id, key: 'k' }))
  expect(read).toThrow('See service.getSnapshot() first: its context holds the failure.')
  expect(service.getSnapshot().context.failure).toMatchObject({ code: 'NEWER_CHECKPOINT' })
})

test('who comes after the end hears of it at once, and of nothing else', async () => {
  const { supervisor } = await scene()
  const service = await supervisor.start(counter())
  const early = heard(service)
  await service.send({ type: 'END' })
  await settle()
  expect(service.getSnapshot().value).toBe('done')
  expect(early.at(-1)).toBe('complete')
  expect(heard(service)).toEqual(['complete'])
})

test('a failure is told as an error, to who watches and to who comes later, and a retry takes it back', async () => {
  const { store, supervisor } = await scene()
  const service = await supervisor.start(counter())
  const early = heard(service)
  store.failure = new Error('unplugged')
  await service.send({ type: 'ADD' }).catch(() => {})
  expect(early.at(-1)).toMatchObject({ message: expect.stringContaining('unplugged') })
  const late = heard(service)
  expect(late).toEqual([early.at(-1)])
  store.failure = undefined
  await service.retry()
  const again = heard(service)
  await service.send({ type: 'ADD' })
  expect(again).toEqual([{ n: 1, seen: [] }])
})
