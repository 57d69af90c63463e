import { createSupervisor, defineService } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { machine } from '../../bench/machine.js'
import { Handles } from '../../src/runtime/handles.js'

test('forgets all at once: those that are kept for who hears of them, too', async () => {
  const supervisor = await createSupervisor({ store: memoryStore() })
  const definition = defineService({ id: 'held', version: 1, machine })
  const services = [
    await supervisor.start(definition, { key: 'a' }),
    await supervisor.start(definition, { key: 'b' }),
  ]
  const handles = new Handles()
  for (const service of services) handles.add(service as never)
  handles.keep(services[0] as never, true)
  expect(handles.get('a')).toBe(services[0])
  handles.clear()
  expect(handles.get('a')).toBeUndefined()
  expect(handles.get('b')).toBeUndefined()
  await supervisor.close()
})
