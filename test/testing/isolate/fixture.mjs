// Machines that keep something in their module, for processes of their own.
import { defineService } from 'tardigrade'
import { assign, fromPromise, sendTo, setup } from 'xstate'

let open = false

/** Remembers beside its context that it has opened the line, which a new process has not. */
export const line = setup({}).createMachine({
  id: 'line',
  context: { sent: 0, lost: 0 },
  initial: 'shut',
  states: {
    shut: {
      on: {
        OPEN: {
          target: 'open',
          actions: assign(() => {
            open = true
            return {}
          }),
        },
      },
    },
    open: {
      on: {
        SEND: {
          actions: assign(({ context: { sent, lost } }) =>
            open ? { sent: (sent + 1) % 3 } : { lost: lost + 1 },
          ),
        },
      },
    },
  },
})

/** Keeps nothing there; an action, a timer, and a child. */
export const sound = setup({
  actors: { bell: setup({}).createMachine({ initial: 'a', states: { a: { after: { 40: 'b' } }, b: {} } }) },
  actions: { tell: () => {} },
}).createMachine({
  id: 'sound',
  context: { n: 0 },
  invoke: { src: 'bell', id: 'bell' },
  initial: 'off',
  states: {
    off: { on: { ADD: { target: 'on', actions: [assign({ n: ({ context }) => context.n + 1 }), 'tell'] } } },
    on: { after: { 70: 'off' }, on: { ADD: 'off' } },
  },
})

/** Does something when its time has come, whoever is there. */
export const timed = setup({ actions: { tell: () => {} } }).createMachine({
  id: 'timed',
  initial: 'off',
  states: { off: { after: { 40: { target: 'on', actions: 'tell' } } }, on: {} },
})

/** The sound one with timers that begin again. */
export const renewing = defineService({ id: 'sound', version: 1, machine: sound, timers: 'restart' })

/** Where what follows does not end: nothing that is tried before sees it. */
const alone = () => process.argv[1]?.endsWith('child.js') === true

/** Sends itself an event for ever. */
export const endless = setup({}).createMachine({
  id: 'endless',
  initial: 'rest',
  states: {
    rest: { on: { GO: { guard: alone, target: 'a' } } },
    a: {
      entry: sendTo(({ self }) => self, { type: 'AGAIN' }),
      on: { AGAIN: { target: 'a', reenter: true } },
    },
  },
})

/** Asks again for what is answered at once. */
export const restless = setup({ actors: { ask: fromPromise(async () => 1) } }).createMachine({
  id: 'restless',
  initial: 'rest',
  states: {
    rest: { on: { GO: { guard: alone, target: 'a' } } },
    a: { invoke: { src: 'ask', onDone: { target: 'a', reenter: true } } },
  },
})

let added = 0

/** Counts in its module. */
export const counted = setup({}).createMachine({
  id: 'counted',
  context: { n: 0 },
  on: { ADD: { actions: assign(() => ({ n: ++added })) }, REST: {} },
})

/** Is never the same again, whatever its process. */
export const dicing = setup({}).createMachine({
  id: 'dicing',
  context: { n: 0 },
  on: { ADD: { actions: assign(() => ({ n: Math.random() })) } },
})

/** Holds at its second event what no checkpoint can keep. */
export const holding = setup({}).createMachine({
  id: 'holding',
  context: { open: false },
  on: {
    OPEN: { actions: assign({ open: true }) },
    HOLD: { guard: ({ context }) => context.open, actions: assign({ held: () => () => 1 }) },
  },
})
