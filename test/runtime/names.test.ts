import {
  createSupervisor,
  defineService,
  InvalidKeyError,
  InvalidOptionError,
  withEventKey,
} from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, test } from 'vitest'
import { createMachine } from 'xstate'

const definition = defineService({
  id: 'lamp',
  version: 1,
  machine: createMachine({
    id: 'lamp',
    initial: 'off',
    states: { off: { on: { PRESS: 'on' } }, on: { on: { PRESS: 'off' } } },
  }),
})

// As whoever parses JSON has them, where TypeScript has been told of texts.
const NAMES: readonly string[] = JSON.parse(`[5, null, true, {}, "", "${'x'.repeat(513)}"]`)

test.each(NAMES.map((name) => [name]))('%j is no name: refused, and nothing of it is kept', async (name) => {
  const store = memoryStore()
  const supervisor = await createSupervisor({ store })
  const service = await supervisor.start(definition, { key: 'hall' })
  const press = { type: 'PRESS' }
  await expect(service.send(press, { key: name })).rejects.toThrow(InvalidOptionError)
  expect(() => withEventKey(press, name)).toThrow(InvalidOptionError)
  await expect(service.pause(name)).rejects.toMatchObject({
    code: 'INVALID_OPTION',
    option: 'hold',
    key: 'hall',
  })
  // Whatever a checkpoint may have, it can be released.
  await service.resume(name)
  const started = supervisor.start(definition, { key: name })
  await expect(started).rejects.toThrow(InvalidKeyError)
  await expect(started).rejects.toThrow(`The key ${JSON.stringify(name).slice(0, 80)}`)
  expect(service.machine.getSnapshot().value).toBe('off')
  await supervisor.close()
  const next = await createSupervisor({ store })
  expect((await next.start(definition, { key: 'hall' })).getSnapshot().value).toBe('running')
  await next.close()
})
