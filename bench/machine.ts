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

/** A machine of two hundred rows, of which an event changes one. */
export const rowsMachine = setup({
  types: {
    context: {} as { rows: readonly { readonly name: string; readonly value: number }[] },
    events: {} as { type: 'ROW'; at: number },
  },
}).createMachine({
  id: 'rows',
  context: { rows: Array.from({ length: 200 }, (_, at) => ({ name: `row ${at}`, value: 0 })) },
  on: {
    ROW: {
      actions: assign(({ context, event }) => ({
        rows: context.rows.map((row, at) => (at === event.at ? { ...row, value: row.value + 1 } : row)),
      })),
    },
  },
})
