import { defineService } from 'tardigrade'
import { assign, raise, sendTo, setup } from 'xstate'
import { note, type Scenario } from '../scenario.js'

/** Timers of all policies: an `after`, delayed raises, one on its way to a child, unnamed and named. */
export const timers: Scenario = {
  define(world) {
    const child = setup({ types: { context: {} as { heard: number } } }).createMachine({
      context: { heard: 0 },
      on: { LATER: { actions: assign({ heard: ({ context }) => context.heard + 1 }) } },
    })
    const machine = setup({
      types: { context: {} as { fired: string[] } },
      actors: { child },
      delays: { nap: 9000 },
      actions: {
        tell: ({ event }) => note(world, event.type),
        fired: assign({ fired: ({ context, event }) => [...context.fired, event.type] }),
      },
    }).createMachine({
      id: 'timers',
      context: { fired: [] },
      invoke: { src: 'child', id: 'child' },
      entry: [
        raise({ type: 'REMAINING' }, { id: 'remaining', delay: 5000 }),
        raise({ type: 'RESTART' }, { id: 'restart', delay: 5000 }),
        raise({ type: 'DEADLINE' }, { delay: 5000 }),
        raise({ type: 'FAR' }, { id: 'far', delay: 2 ** 33 }),
        sendTo('child', { type: 'LATER' }, { delay: 7000 }),
      ],
      initial: 'waits',
      states: { waits: { after: { nap: 'over' } }, over: { entry: 'tell' } },
      on: { '*': { actions: ['fired', 'tell'] } },
    })
    const policies = { default: 'deadline', remaining: 'remaining', restart: 'restart' } as const
    return defineService({ id: 'golden', version: 1, machine, timers: policies })
  },
  async lead({ service, clock }) {
    await clock.advance(1200)
    await service.checkpoint()
  },
}
