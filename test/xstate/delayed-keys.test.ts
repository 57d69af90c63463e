import { defineService, withEventKey } from 'tardigrade'
import { expect, test } from 'vitest'
import { raise, setup } from 'xstate'
import { Life } from '../kit/kill.js'

const machine = setup({ types: { events: {} as { type: 'PING' } } }).createMachine({
  initial: 'now',
  states: {
    now: { on: { PING: { target: 'later', actions: raise(({ event }) => event, { delay: 10 }) } } },
    later: { on: { PING: 'done' } },
    done: {},
  },
})

test('a keyed event that the machine itself raises again later comes', async () => {
  const life = new Life(defineService({ id: 'life', version: 1, machine }))
  const service = await life.start()
  await service.send(withEventKey({ type: 'PING' }, 'k1'))
  expect(service.machine.getSnapshot().value).toBe('later')
  await life.clock.advance(20)
  expect(service.machine.getSnapshot().value).toBe('done')
})
