import { createSupervisor, defineService } from 'tardigrade'
import { expect, test } from 'vitest'
import { setup } from 'xstate'
import { settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'

test('settled of a service that has failed rejects, also while its failure is being noted', async () => {
  const machine = setup({
    guards: {
      bad: () => {
        throw new Error('guard')
      },
    },
  }).createMachine({
    id: 'm',
    on: { GO: { guard: 'bad', actions: () => {} } },
  })
  const store = new FaultyStore()
  const supervisor = await createSupervisor({ store, onFailed: () => {} })
  const service = await supervisor.start(defineService({ id: 's', version: 1, machine }))
  await settle()
  store.shut()
  await expect(service.send({ type: 'GO' } as never)).rejects.toThrow()
  await settle()
  expect(service.getSnapshot().value).toBe('failed')
  const outcome = service.settled().then(
    () => 'settled',
    () => 'failed',
  )
  await settle()
  store.open()
  expect(await outcome).toBe('failed')
})
