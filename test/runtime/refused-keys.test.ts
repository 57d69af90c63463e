import { createSupervisor, defineService } from 'tardigrade'
import { expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'

const definition = defineService({
  id: 's',
  version: 1,
  machine: setup({ types: { context: {} as { n: number } } }).createMachine({
    id: 'm',
    context: { n: 0 },
    on: { INC: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
  }),
})

test('an event whose commit failed, sent again under its key while the service is retried, is applied', async () => {
  const store = new FaultyStore()
  const supervisor = await createSupervisor({ store, onFailed: () => {} })
  const service = await supervisor.start(definition)
  store.failure = new Error('disk full')
  await expect(service.send({ type: 'INC' }, { key: 'order-1' })).rejects.toThrow()
  store.failure = undefined
  await settle()
  expect(service.getSnapshot().value).toBe('failed')
  const retried = service.retry()
  await Promise.resolve()
  await Promise.resolve()
  // The sender was told that it was not taken, and sends it again.
  await service.send({ type: 'INC' }, { key: 'order-1' })
  await retried
  expect(service.machine.getSnapshot().context.n).toBe(1)
})

test('an event that waited for a load that failed, sent again while the next one is under way, is applied', async () => {
  const store = new FaultyStore()
  const first = await createSupervisor({ store, onFailed: () => {} })
  await first.start(definition)
  await first.close()
  const supervisor = await createSupervisor({ store, onFailed: () => {} })
  store.loads.shut()
  store.loadFailure = () => new Error('busy')
  const started = supervisor.start(definition)
  await settle()
  const [service] = supervisor.services()
  if (service === undefined) throw new Error('none')
  const sent = service.send({ type: 'INC' } as never, { key: 'order-1' }).then(
    () => 'ok',
    () => 'refused',
  )
  store.loads.open()
  expect(await sent).toBe('refused')
  await started
  store.loadFailure = () => undefined
  store.loads.shut()
  const retried = service.retry()
  await settle()
  const again = service.send({ type: 'INC' } as never, { key: 'order-1' })
  store.loads.open()
  await again
  await retried
  expect(service.machine.getSnapshot().context.n).toBe(1)
})
