import { defineService, type Service } from 'tardigrade'
import { expect, test } from 'vitest'
import { Actor, assign, createMachine, setup } from 'xstate'
import { Life } from '../kit/kill.js'

test('an actor within the cause of an error is the actor again', async () => {
  const machine = setup({
    types: { context: {} as { error: unknown } },
    actors: { kid: createMachine({ id: 'kid' }) },
  }).createMachine({
    id: 'm',
    context: { error: undefined },
    invoke: { src: 'kid', id: 'kid' },
    on: {
      GO: {
        actions: assign({
          error: ({ self }) => new Error('no', { cause: { who: self.getSnapshot().children.kid } }),
        }),
      },
    },
  })
  const life = new Life(defineService({ id: 'life', version: 1, machine }))
  const service = await life.start()
  await service.send({ type: 'GO' } as never)
  // The machine below made it so.
  const who = (of: Service) =>
    (of.machine.getSnapshot().context.error as { cause: { who: unknown } }).cause.who
  expect(who(service)).toBeInstanceOf(Actor)
  const again = await life.restart()
  expect(who(again)).toBeInstanceOf(Actor)
})
test('an actor among the errors of an AggregateError', async () => {
  const machine = setup({
    types: { context: {} as { error: unknown } },
    actors: { kid: createMachine({ id: 'kid' }) },
  }).createMachine({
    id: 'm',
    context: { error: undefined },
    invoke: { src: 'kid', id: 'kid' },
    on: {
      GO: {
        actions: assign({
          error: ({ self }) => new AggregateError([{ who: self.getSnapshot().children.kid }], 'no'),
        }),
      },
    },
  })
  const life = new Life(defineService({ id: 'life', version: 1, machine }))
  const service = await life.start()
  await service.send({ type: 'GO' } as never)
  const again = await life.restart()
  // The machine above made it so.
  const { errors } = again.machine.getSnapshot().context.error as { errors: { who: unknown }[] }
  expect(errors[0]?.who).toBeInstanceOf(Actor)
})
