import { type AnyActorRef, assign, fromPromise, raise, sendTo, setup } from 'xstate'

/** Nothing that plain XState loses: it keeps this one, and the kit says so. */
export const plainest = setup({
  types: { context: {} as { n: number }, events: {} as { type: 'ADD' } | { type: 'SWITCH' } },
}).createMachine({
  id: 'plainest',
  context: { n: 0 },
  initial: 'off',
  on: { ADD: { actions: assign({ n: ({ context }) => (context.n + 1) % 5 }) } },
  states: { off: { on: { SWITCH: 'on' } }, on: { on: { SWITCH: 'off' } } },
})

/** 1: an `after` is waited for. */
export const timer = setup({ types: { events: {} as { type: 'GO' } } }).createMachine({
  id: 'timer',
  initial: 'idle',
  states: { idle: { on: { GO: 'waiting' } }, waiting: { after: { 5000: 'fired' } }, fired: {} },
})

const bell = setup({ types: { events: {} as { type: 'RING' } } }).createMachine({
  initial: 'still',
  states: { still: { on: { RING: 'rung' } }, rung: {} },
})

/** 2: a delayed raise and a delayed event to a child. */
export const alarm = setup({
  actors: { bell },
  types: { context: {} as { raised: boolean }, events: {} as { type: 'ARM' } | { type: 'RAISED' } },
}).createMachine({
  id: 'alarm',
  context: { raised: false },
  invoke: { src: 'bell', id: 'bell' },
  on: {
    ARM: {
      actions: [
        raise({ type: 'RAISED' }, { delay: 2000, id: 'raised' }),
        sendTo('bell', { type: 'RING' }, { delay: 3000, id: 'ring' }),
      ],
    },
    RAISED: { actions: assign({ raised: true }) },
  },
})

const slow = setup({}).createMachine({
  initial: 'working',
  states: { working: { after: { 1000: 'done' } }, done: { type: 'final' } },
})

/** 3: a child waits, and its parent for it. */
export const parent = setup({ actors: { slow }, types: { events: {} as { type: 'START' } } }).createMachine({
  id: 'parent',
  initial: 'idle',
  states: {
    idle: { on: { START: 'waiting' } },
    waiting: { invoke: { src: 'slow', id: 'slow', onDone: 'finished' } },
    finished: {},
  },
})

/** 9: a promise acts outside. */
export const payment = setup({
  actors: { charge: fromPromise(async () => 'the real receipt') },
  types: { events: {} as { type: 'PAY' } },
}).createMachine({
  id: 'payment',
  initial: 'open',
  states: {
    open: { on: { PAY: 'paying' } },
    paying: { invoke: { src: 'charge', id: 'charge', onDone: 'paid' } },
    paid: {},
  },
})

const quiet = setup({}).createMachine({ context: { n: 0 }, on: { INC: {} } })

/** 10: a parent counts what its child tells of itself. */
export const observer = setup({
  actors: { quiet },
  types: { context: {} as { heard: number }, events: {} as { type: 'NOP' } },
}).createMachine({
  id: 'observer',
  context: { heard: 0 },
  on: { NOP: {} },
  invoke: {
    src: 'quiet',
    id: 'quiet',
    onSnapshot: { actions: assign({ heard: ({ context }) => context.heard + 1 }) },
  },
})

/** 12: an action acts outside. */
export const shop = setup({
  actions: { charge: () => {} },
  types: { events: {} as { type: 'BUY' } },
}).createMachine({
  id: 'shop',
  initial: 'cart',
  states: { cart: { on: { BUY: { target: 'bought', actions: 'charge' } } }, bought: {} },
})

/** 13: a Map stands in the context. */
export const stock = setup({
  types: { context: {} as { stock: Map<string, number> }, events: {} as { type: 'PUT' } },
}).createMachine({
  id: 'stock',
  context: { stock: new Map() },
  on: { PUT: { actions: assign({ stock: ({ context }) => new Map([...context.stock, ['apple', 1]]) }) } },
})

/** 14: a reference stands in a Map, and events go to it. */
export const registry = setup({
  actors: { bell },
  types: { context: {} as { bells: Map<string, AnyActorRef> }, events: {} as { type: 'RING' } },
}).createMachine({
  id: 'registry',
  context: ({ spawn }) => ({ bells: new Map([['door', spawn('bell', { id: 'bell' })]]) }),
  on: {
    RING: { actions: sendTo(({ context }) => context.bells.get('door') as AnyActorRef, { type: 'RING' }) },
  },
})

/** 15: one object stands in two places. */
export const twice = setup({
  types: { context: {} as { all: object[]; chosen: object | null }, events: {} as { type: 'CHOOSE' } },
}).createMachine({
  id: 'twice',
  context: { all: [{ name: 'one' }], chosen: null },
  on: { CHOOSE: { actions: assign({ chosen: ({ context }) => context.all[0] ?? null }) } },
})

/** 16: an Error stands in the context. */
export const failing = setup({
  actors: { work: fromPromise(async () => {}) },
  types: { context: {} as { error: unknown }, events: {} as { type: 'TRY' } },
}).createMachine({
  id: 'failing',
  context: { error: null },
  initial: 'idle',
  states: {
    idle: { on: { TRY: 'working' } },
    working: {
      invoke: {
        src: 'work',
        id: 'work',
        onDone: 'idle',
        onError: { target: 'idle', actions: assign({ error: ({ event }) => event.error }) },
      },
    },
  },
})
