import { createSupervisor } from 'tardigrade'
import { memoryStore } from 'tardigrade/stores/memory'
import { expect, onTestFinished, test } from 'vitest'
import { carryOut } from '../../../src/control/answer.js'
import { Client } from './kit.js'
import { lamp } from './unreadable-kit.js'

test('a hold is told with whom the program has set or released it for, and with nobody where it was the program’s own', async () => {
  const store = memoryStore()
  const inspect = { port: 0, onListening: () => {} }
  const begin = async () => {
    const supervisor = await createSupervisor({ store, inspect })
    const service = await supervisor.start(lamp, { key: 'hall' })
    const client = await new Client(supervisor.inspectAddress ?? '').connect()
    onTestFinished(() => client.disconnect())
    const holds = () => client.states.get('hall')?.holds
    const has = (count: number) => client.until(() => holds()?.length === count)
    return { supervisor, service, client, holds, has }
  }
  const { supervisor, service, client, holds, has } = await begin()
  await carryOut(supervisor, { type: 'pause', key: 'hall', hold: 'user' }, 'page')
  // Nothing changes: nobody has asked for what the program does next.
  await carryOut(supervisor, { type: 'pause', key: 'hall', hold: 'user' }, 'socket')
  await service.pause('lunch')
  await has(2)
  expect(holds()).toEqual([
    { hold: 'user', by: 'program', asker: 'page' },
    { hold: 'lunch', by: 'program' },
  ])
  await carryOut(supervisor, { type: 'resume', key: 'hall', hold: 'lunch' }, 'socket')
  await carryOut(supervisor, { type: 'resume', key: 'hall', hold: 'user' }, 'socket')
  await has(0)
  await service.pause('user')
  await has(1)
  expect(holds()).toEqual([{ hold: 'user', by: 'program' }])
  const told = client.of('hall').flatMap((entry) => (entry.kind === 'hold' ? [entry] : []))
  expect(told.map(({ change, hold, asker }) => [change, hold, asker])).toEqual([
    ['set', 'user', 'page'],
    ['set', 'lunch', undefined],
    ['released', 'lunch', 'socket'],
    ['released', 'user', 'socket'],
    ['set', 'user', undefined],
  ])
  await supervisor.close()
  // What a checkpoint keeps does not tell who has asked for it.
  const next = await begin()
  await next.has(1)
  expect(next.holds()).toEqual([{ hold: 'user', by: 'program', asker: 'checkpoint' }])
  await next.supervisor.close()
})
