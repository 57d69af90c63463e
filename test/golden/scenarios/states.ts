import { defineService } from 'tardigrade'
import { assign, setup, stateIn } from 'xstate'
import { note, type Scenario } from '../scenario.js'

/** A parallel state left and entered again through its history, with the order in which its regions act. */
export const states: Scenario = {
  define(world) {
    const machine = setup({
      types: { context: {} as { n: number } },
      actions: {
        tell: ({ context }, { place }: { place: string }) => note(world, `${place} ${context.n}`),
        count: assign({ n: ({ context }) => context.n + 1 }),
      },
    }).createMachine({
      id: 'states',
      context: { n: 0 },
      initial: 'on',
      states: {
        on: {
          type: 'parallel',
          states: {
            left: {
              initial: 'l1',
              states: {
                l1: { on: { A: 'l2' } },
                l2: {
                  after: { 3000: { target: 'l1', actions: { type: 'tell', params: { place: 'left' } } } },
                },
              },
            },
            right: {
              initial: 'r1',
              states: {
                r1: { on: { B: 'r2' } },
                r2: {
                  initial: 'deep',
                  states: { deep: {}, deeper: {} },
                  on: { B: '.deeper' },
                  after: { 3000: { target: 'r1', actions: { type: 'tell', params: { place: 'right' } } } },
                },
              },
            },
            idle: {},
            back: { type: 'history', history: 'deep' },
          },
          on: { OFF: 'off' },
        },
        off: { on: { ON: 'on.back' }, entry: 'count' },
      },
      on: { ASK: { guard: stateIn({ on: { left: 'l2' } }) as () => boolean, actions: 'count' } },
    })
    return defineService({ id: 'golden', version: 1, machine })
  },
  async lead({ service }) {
    for (const type of ['B', 'B', 'OFF', 'ON', 'A', 'OFF', 'ON', 'ASK']) await service.send({ type })
    await service.settled()
    await service.checkpoint()
  },
}
