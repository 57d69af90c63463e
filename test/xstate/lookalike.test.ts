import { defineService } from 'tardigrade'
import { expect, test } from 'vitest'
import { assign, setup } from 'xstate'
import { Life } from '../kit/kill.js'

test('data of the user’s with the names of a snapshot’s fields comes back whole', async () => {
  const machine = setup({
    types: { context: {} as { data: unknown }, events: {} as { type: 'PUT'; data: unknown } },
  }).createMachine({
    id: 'm',
    context: { data: undefined },
    on: { PUT: { actions: assign({ data: ({ event }) => event.data }) } },
  })
  const life = new Life(defineService({ id: 'life', version: 1, machine }))
  const service = await life.start()
  const data = { _nodes: [1], machine: 'press 7', children: ['a'], tags: ['t'], speed: 3 }
  await service.send({ type: 'PUT', data })
  const again = await life.restart()
  expect(again.machine.getSnapshot().context).toEqual({ data })
})
