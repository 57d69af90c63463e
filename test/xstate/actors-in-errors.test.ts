import { defineService, type Service } from 'tardigrade'
import { expect, test } from 'vitest'
import { Actor, assign, createMachine, setup } from 'xstate'
import { Life } from '../kit/kill.js'

interface Blamed {
  readonly who: unknown
}

test.each([
  [
    'the cause of an error',
    (blamed: Blamed) => new Error('no', { cause: blamed }),
    (error: Error) => error.cause,
  ],
  [
    'the errors of an AggregateError',
    (blamed: Blamed) => new AggregateError([blamed], 'no'),
    (error: Error) => (error as AggregateError).errors[0],
  ],
])('an actor within %s is the actor again', async (_, make, find) => {
  const machine = setup({
    types: { context: {} as { error: Error | undefined }, events: {} as { type: 'GO' } },
    actors: { kid: createMachine({ id: 'kid' }) },
  }).createMachine({
    context: { error: undefined },
    invoke: { src: 'kid', id: 'kid' },
    on: {
      GO: { actions: assign({ error: ({ self }) => make({ who: self.getSnapshot().children.kid }) }) },
    },
  })
  const life = new Life(defineService({ id: 'life', version: 1, machine }))
  const service = await life.start()
  // What `make` has put there.
  const who = (of: Service) => (find(of.machine.getSnapshot().context.error) as Blamed).who
  await service.send({ type: 'GO' })
  expect(who(service)).toBeInstanceOf(Actor)
  const again = await life.restart()
  expect(who(again)).toBe(again.machine.getSnapshot().children.kid)
})
