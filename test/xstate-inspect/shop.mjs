import { assign, createMachine } from 'xstate'

const clerk = createMachine({
  id: 'clerk',
  predictableActionArguments: true,
  initial: 'idle',
  states: { idle: { on: { PING: 'busy' } }, busy: { type: 'final' } },
})

/** A machine with most of what XState 4 knows. */
export const shop = createMachine(
  {
    id: 'shop',
    predictableActionArguments: true,
    context: { sold: 0, password: 'geheim' },
    initial: 'open',
    on: { SELL: { actions: 'sell' } },
    states: {
      open: {
        tags: ['busy'],
        entry: ['greet'],
        invoke: { id: 'clerk', src: clerk, onDone: 'closed' },
        initial: 'counter',
        states: {
          counter: { always: { target: 'store', cond: 'isQuiet' }, after: { 3600000: 'store' } },
          store: {},
        },
        on: {
          CLOSE: { target: 'closed', cond: 'isLate', actions: ['lock'] },
          AGAIN: { target: 'open', internal: false },
        },
      },
      closed: { type: 'final' },
    },
  },
  {
    actions: {
      sell: assign({ sold: ({ sold }, { count = 1 }) => sold + count }),
      greet: () => {},
      lock: () => {},
    },
    guards: { isLate: () => true, isQuiet: () => false },
  },
)
