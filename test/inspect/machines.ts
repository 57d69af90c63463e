import { defineService, task } from 'tardigrade'
import { type AnyActorRef, assign, fromPromise, sendTo, setup, stopChild } from 'xstate'

const clerk = setup({
  types: { context: {} as { stamped: number }, events: {} as { type: 'STAMP' } },
}).createMachine({
  id: 'clerk',
  context: { stamped: 0 },
  initial: 'ready',
  states: {
    ready: {
      on: {
        STAMP: { target: 'stamping', actions: assign({ stamped: ({ context }) => context.stamped + 1 }) },
      },
    },
    stamping: { after: { 1000: 'ready' } },
  },
})

const desk = setup({ actors: { clerk } }).createMachine({
  id: 'desk',
  invoke: { src: 'clerk', id: 'clerk' },
})

/** A machine in a machine in a machine, with a promise that never comes to its end. */
export const office = defineService({
  id: 'office',
  version: 1,
  machine: setup({
    types: {
      context: {} as { letters: number },
      events: {} as { type: 'LETTER' } | { type: 'OPEN' } | { type: 'LEAVE' },
    },
    actors: { desk, post: fromPromise(() => new Promise(() => {})) },
  }).createMachine({
    id: 'office',
    context: { letters: 0 },
    initial: 'closed',
    states: {
      closed: { on: { OPEN: 'open' } },
      open: {
        invoke: [
          { src: 'desk', id: 'desk' },
          { src: 'post', id: 'post' },
        ],
        on: {
          LETTER: { actions: assign({ letters: ({ context }) => context.letters + 1 }) },
          LEAVE: 'closed',
        },
      },
    },
  }),
})

/** Holds what it is given, in its context, its input, its error and its output. */
export const vault = defineService({
  id: 'vault',
  version: 1,
  machine: setup({
    types: {
      context: {} as { password: string; held: unknown },
      input: {} as { password: string },
      events: {} as
        | { type: 'PUT'; value: unknown }
        | { type: 'FAIL'; reason: string }
        | { type: 'TAKE'; secret: string },
    },
    actors: {
      fails: fromPromise<never, { reason: string }>(async ({ input }) => {
        throw Object.assign(new Error(input.reason), { password: input.reason })
      }),
      opens: task(async ({ input }: { input: { secret: string } }) => ({ secret: input.secret })),
    },
  }).createMachine({
    id: 'vault',
    context: ({ input }) => ({ password: input.password, held: null }),
    initial: 'idle',
    states: {
      idle: {
        on: {
          PUT: { actions: assign({ held: ({ event }) => event.value }) },
          FAIL: 'failing',
          TAKE: 'opening',
        },
      },
      failing: {
        invoke: {
          src: 'fails',
          id: 'fails',
          input: ({ event }) => ({ reason: event.type === 'FAIL' ? event.reason : '' }),
          onError: { target: 'idle', actions: assign({ held: ({ event }) => event.error }) },
        },
      },
      opening: {
        invoke: {
          src: 'opens',
          id: 'opens',
          input: ({ event }) => ({ secret: event.type === 'TAKE' ? event.secret : '' }),
          onDone: 'idle',
        },
      },
    },
  }),
})

const child = setup({ types: { events: {} as { type: 'BREAK' } } }).createMachine({
  id: 'child',
  on: {
    BREAK: {
      actions: assign(() => {
        throw new Error('broken')
      }),
    },
  },
})

/** Has a child that it breaks, or stops and remembers. */
export const parent = defineService({
  id: 'parent',
  version: 1,
  machine: setup({
    types: {
      context: {} as { last: AnyActorRef | undefined },
      events: {} as { type: 'BREAK' } | { type: 'DROP' } | { type: 'NOTHING' },
    },
    actors: { child },
  }).createMachine({
    id: 'parent',
    context: ({ spawn }) => ({ last: spawn('child', { id: 'child' }) }),
    on: {
      BREAK: { actions: sendTo('child', { type: 'BREAK' }) },
      DROP: { actions: stopChild('child') },
      NOTHING: {},
      'xstate.error.actor.child': {},
    },
  }),
})
