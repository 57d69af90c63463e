import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createSupervisor, defineService } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'
import { settle } from '../kit/clock.js'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

test('a start beside a get of a stopped service starts it', async () => {
  const definition = defineService({ id: 's', version: 1, machine: createMachine({ id: 's' }) })
  const supervisor = await createSupervisor({ store: memoryStore() })
  await (async () => {
    const service = await supervisor.start(definition)
    await service.stop()
  })()
  for (let n = 0; n < 5; n++) {
    await settle()
    gc()
  }
  const got = supervisor.get('s')
  for (let n = 0; n < 6; n++) await Promise.resolve()
  const started = await supervisor.start(definition)
  await got
  await settle()
  expect(started.getSnapshot().value).toBe('running')
})
