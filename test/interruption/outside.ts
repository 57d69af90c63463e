import { task } from 'tardigrade'
import { assign, fromEventObservable, fromObservable, fromPromise, sendTo, setup, stopChild } from 'xstate'
import type { Event } from './machines.js'

/** Whatever these machines ask of the outside is driven. */
const never = () => {
  throw new Error('nobody may ask the real one')
}

/** What XState says of an actor that was spawned. */
type Done =
  | { type: `xstate.done.actor.${string}`; output: number }
  | { type: `xstate.error.actor.${string}`; error: unknown }

/** An invoked child with a promise of its own, which is asked again and again, and spawned ones, of which some are stopped. */
export function promises() {
  const asking = setup({
    actors: { ask: fromPromise<number>(never) },
    types: { context: {} as { said: unknown[] }, events: {} as { type: 'AGAIN' } },
  }).createMachine({
    context: { said: [] },
    initial: 'asking',
    states: {
      asking: {
        invoke: {
          src: 'ask',
          id: 'ask',
          onDone: {
            target: 'idle',
            actions: assign({ said: ({ context, event }) => [...context.said, event.output] }),
          },
          onError: { target: 'idle', actions: assign({ said: ({ context }) => [...context.said, 'no'] }) },
        },
      },
      idle: { on: { AGAIN: 'asking' } },
    },
  })
  return setup({
    actors: { asking, ask: fromPromise<number>(never) },
    types: { context: {} as { born: number; sum: number }, events: {} as Event | Done },
  }).createMachine({
    id: 'promises',
    context: { born: 0, sum: 0 },
    invoke: { src: 'asking', id: 'child' },
    on: {
      A: {
        actions: assign(({ context, spawn }) => {
          spawn('ask', { id: `ask${context.born}` })
          return { born: context.born + 1 }
        }),
      },
      B: { actions: sendTo('child', { type: 'AGAIN' }) },
      C: { actions: stopChild(({ context }) => `ask${context.born - 1}`) },
      'xstate.done.actor.*': {
        actions: assign({
          sum: ({ context, event }) => context.sum + Number('output' in event && event.output),
        }),
      },
      'xstate.error.actor.*': { actions: assign({ sum: ({ context }) => context.sum + 1000 }) },
    },
  })
}

/** A task with progress, and one as written of which each step is driven; both can be left in their middle. */
export function tasks() {
  const copy = task(never)
  const parts = task(async ({ step, progress }) => {
    const first = await step('measure', never)
    await progress.set(1)
    const second = await step('copy', never)
    await progress.set(2)
    return [first, second, await step('check', never)]
  })
  return setup({
    actors: { copy, parts },
    types: { context: {} as { done: unknown[] }, events: {} as Event },
    actions: {
      keep: assign({
        done: ({ context, event }) => [...context.done, 'output' in event ? event.output : 'failed'],
      }),
    },
  }).createMachine({
    id: 'tasks',
    context: { done: [] },
    initial: 'idle',
    states: {
      idle: { on: { A: 'copying', B: 'inParts' } },
      copying: {
        invoke: { src: 'copy', id: 'copy', onDone: { target: 'idle', actions: 'keep' } },
        on: { C: 'idle' },
      },
      inParts: {
        invoke: {
          src: 'parts',
          id: 'parts',
          onDone: { target: 'idle', actions: 'keep' },
          onError: { target: 'idle', actions: 'keep' },
        },
        on: { C: 'idle' },
        after: { 200: 'copying' },
      },
    },
  })
}

/** What is shown and sent from the outside, while it is listened to. */
export function observables() {
  return setup({
    actors: {
      prices: fromObservable<unknown, undefined>(never),
      clicks: fromEventObservable<Event, undefined>(never),
    },
    types: { context: {} as { price: unknown; clicked: boolean }, events: {} as Event },
  }).createMachine({
    id: 'observables',
    context: { price: undefined, clicked: false },
    initial: 'off',
    states: {
      off: { on: { A: 'on' } },
      on: {
        invoke: [
          {
            src: 'prices',
            id: 'prices',
            onSnapshot: { actions: assign({ price: ({ event }) => event.snapshot.context }) },
          },
          { src: 'clicks', id: 'clicks' },
        ],
        on: { E: { actions: assign({ clicked: true }) }, B: 'off', C: { target: 'on', reenter: true } },
        after: { 60: 'off' },
      },
    },
  })
}

/** Timers that wait by name, of which each can have a policy of its own. */
export function delays() {
  return setup({
    delays: { long: 90, short: 30 },
    types: { context: {} as { long: number; short: number }, events: {} as Event },
    actions: {
      countLong: assign({ long: ({ context }) => context.long + 1 }),
      countShort: assign({ short: ({ context }) => context.short + 1 }),
    },
  }).createMachine({
    id: 'delays',
    context: { long: 0, short: 0 },
    type: 'parallel',
    states: {
      left: {
        initial: 'one',
        states: { one: { after: { long: { target: 'one', reenter: true, actions: 'countLong' } } } },
      },
      right: {
        initial: 'rest',
        states: {
          rest: { on: { A: 'soon' } },
          soon: {
            after: { short: { target: 'rest', actions: 'countShort' } },
            on: { B: 'rest', A: { target: 'soon', reenter: true } },
          },
        },
      },
    },
  })
}
