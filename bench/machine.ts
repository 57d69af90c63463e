import { assign, setup } from 'xstate'

/** A small machine: two states, a counter, a few fields. */
export const machine = setup({
  types: {
    context: {} as { n: number; name: string; tags: string[] },
    events: {} as { type: 'GO' } | { type: 'INC' },
  },
  actions: { count: assign({ n: ({ context }) => context.n + 1 }) },
}).createMachine({
  id: 'small',
  context: { n: 0, name: 'a small machine', tags: ['one', 'two', 'three'] },
  initial: 'a',
  states: { a: { on: { GO: 'b' } }, b: { on: { GO: 'a' } } },
  on: { INC: { actions: 'count' } },
})
