import { defineService, task } from 'tardigrade'
import { type ActorRefFrom, assign, sendTo, setup } from 'xstate'

const bed = setup({
  types: { context: {} as { drops: number; pin: string }, events: {} as { type: 'DRIP' } },
  delays: { dripping: 3_600_000 },
}).createMachine({
  id: 'bed',
  context: { drops: 0, pin: '4711' },
  initial: 'closed',
  on: { DRIP: { actions: assign({ drops: ({ context }) => context.drops + 1 }) } },
  states: { closed: { after: { dripping: 'open' } }, open: {} },
})

/** Comes to 5 of 12 and waits there, until it is told to stop. */
const weigh = task<number, { total: number }, number>(async ({ step, progress, signal }) => {
  await step('tare', () => ({ grams: 3, pin: '4711' }))
  await progress.set(5)
  await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  return 12
})

const machine = setup({
  types: {
    context: {} as { first?: ActorRefFrom<typeof bed> | undefined },
    events: {} as { type: 'PLANT' } | { type: 'WATER' } | { type: 'CLEAR' },
  },
  actors: { bed, weigh },
  delays: { morning: 7_200_000, heating: 15_000_000 },
}).createMachine({
  id: 'garden',
  context: {},
  initial: 'open',
  invoke: { src: 'weigh', id: 'weigh', input: { total: 12 } },
  on: {
    PLANT: {
      actions: [
        assign({ first: ({ spawn }) => spawn('bed', { id: 'bed-1' }) }),
        sendTo('bed-1', { type: 'DRIP' }, { delay: 'morning', id: 'wake' }),
        assign(({ spawn, context }) => {
          spawn('bed', { id: 'bed-2' })
          return context
        }),
      ],
    },
    WATER: { actions: sendTo('bed-2', { type: 'DRIP' }) },
    CLEAR: { actions: assign({ first: undefined }) },
  },
  states: { open: { after: { heating: 'warm' } }, warm: {} },
})

/** A machine with others that it has spawned, which have timers of the same name, and a task. */
export const garden = defineService({ id: 'garden', version: 1, machine })
