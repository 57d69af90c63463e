import { assign, fromTransition, sendTo, setup, stopChild } from 'xstate'
import type { Event } from './machines.js'

const kid = setup({ types: { context: {} as { heard: number } } }).createMachine({
  context: { heard: 0 },
  on: { NEWS: { actions: assign({ heard: ({ context }) => context.heard + 1 }) } },
})

const tally = fromTransition(
  (heard: number, { type }: { type: string }) => heard + Number(type === 'NEWS'),
  0,
)

/** Children of each kind that may be gone before what is on its way to them arrives, and come again under the same id. */
export function shortLived() {
  return setup({
    actors: { kid, tally },
    types: { context: {} as { n: number }, events: {} as Event },
  }).createMachine({
    id: 'short-lived',
    context: { n: 0 },
    type: 'parallel',
    states: {
      invoked: {
        initial: 'shut',
        states: {
          shut: { on: { A: 'open' } },
          open: {
            invoke: [
              { src: 'kid', id: 'kid' },
              { src: 'tally', id: 'tally' },
            ],
            entry: [
              sendTo('kid', { type: 'NEWS' }, { delay: 40 }),
              sendTo('tally', { type: 'NEWS' }, { delay: 60 }),
            ],
            on: { A: { target: 'open', reenter: true }, B: 'shut' },
          },
        },
      },
      spawned: {
        initial: 'none',
        states: {
          none: { on: { C: 'some' } },
          some: {
            entry: [
              assign(({ context, spawn }) => {
                spawn('kid', { id: 'spawned' })
                return { n: (context.n + 1) % 3 }
              }),
              sendTo('spawned', { type: 'NEWS' }, { delay: 30, id: 'news' }),
            ],
            on: { C: 'none', D: { actions: stopChild('spawned') } },
            exit: stopChild('spawned'),
          },
        },
      },
    },
  })
}
