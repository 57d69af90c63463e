import { createSupervisor, defineService } from 'tardigrade'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { settle } from '../kit/clock.js'
import { FaultyStore } from '../kit/faulty.js'
import { collected } from '../kit/garbage.js'

test('a get of a stopped service that is under way as the supervisor closes makes no service any more', async () => {
  const store = new FaultyStore()
  const definition = defineService({ id: 's', version: 1, machine: createMachine({ id: 's' }) })
  const supervisor = await createSupervisor({ store })
  const reference = await (async () => {
    const service = await supervisor.start(definition)
    await service.stop()
    return new WeakRef(service)
  })()
  await collected(reference)
  store.loads.shut()
  const got = supervisor.get('s').then(
    (s) => s.getSnapshot().value,
    (e) => e.code,
  )
  await settle()
  await supervisor.close()
  store.loads.open()
  expect(await got).toBe('SUPERVISOR_CLOSED')
})
