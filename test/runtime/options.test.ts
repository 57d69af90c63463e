import { createSupervisor, defineService, InvalidOptionError } from 'tardigrade'
import { nodeHost } from 'tardigrade/hosts/node'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'

const definition = defineService({ id: 'lamp', version: 1, machine: createMachine({ id: 'lamp' }) })
const NO_TIMES = [Number.NaN, -1, '5' as never]

test.each(NO_TIMES)('%s is no time, wherever one is given', async (deadlineMs) => {
  const store = memoryStore()
  await expect(createSupervisor({ store, idleAfterMs: deadlineMs })).rejects.toThrow(InvalidOptionError)
  expect(() => nodeHost({ deadlineMs })).toThrow(InvalidOptionError)
  // The store was not claimed for the one that was refused.
  const supervisor = await createSupervisor({ store })
  const service = await supervisor.start(definition, { key: 'hall' })
  const refused = { code: 'INVALID_OPTION', option: 'deadlineMs', service: 'lamp', key: 'hall' }
  await expect(service.pause('user', { deadlineMs })).rejects.toMatchObject(refused)
  await expect(service.stop({ deadlineMs })).rejects.toMatchObject(refused)
  await expect(supervisor.close({ deadlineMs })).rejects.toThrow(InvalidOptionError)
  expect(service.getSnapshot().value).toBe('running')
  expect(service.getSnapshot().context.holds).toEqual([])
  await supervisor.close({ deadlineMs: Number.POSITIVE_INFINITY })
  expect(service.getSnapshot().value).toBe('paused')
})
