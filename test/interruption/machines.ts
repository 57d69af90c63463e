import { effectKey } from 'tardigrade'
import {
  type AnyActorRef,
  assign,
  cancel,
  emit,
  enqueueActions,
  fromCallback,
  fromTransition,
  raise,
  sendParent,
  sendTo,
  setup,
  stateIn,
  stopChild,
} from 'xstate'

/** What the machines did to the outside: a key, which may come again, and what was done. */
export interface Done {
  readonly key: string
  readonly what: string
}

export type Event = { type: 'A' } | { type: 'B' } | { type: 'C' } | { type: 'D' } | { type: 'E' }

type Log = Done[]

const note = (log: Log, what: string) => void log.push({ key: effectKey() ?? 'none', what })

/** Flat, with a counter, an effect at each step and a timer that is set anew. */
export function flat(log: Log) {
  return setup({
    types: {
      context: {} as { n: number; tags: Set<string>; seen: Map<string, number> },
      events: {} as Event,
    },
    actions: {
      count: assign({
        n: ({ context }) => context.n + 1,
        seen: ({ context, event }) =>
          new Map(context.seen).set(event.type, (context.seen.get(event.type) ?? 0) + 1),
      }),
      tell: ({ context, event }, params: { place: string }) =>
        note(log, `${params.place} ${event.type} ${context.n}`),
    },
  }).createMachine({
    id: 'flat',
    context: { n: 0, tags: new Set(['x']), seen: new Map() },
    initial: 'one',
    entry: { type: 'tell', params: { place: 'begin' } },
    states: {
      one: {
        after: { 50: { target: 'two', actions: { type: 'tell', params: { place: 'after' } } } },
        on: { A: { target: 'two', actions: ['count', { type: 'tell', params: { place: 'one' } }] } },
        exit: { type: 'tell', params: { place: 'exit' } },
      },
      two: {
        on: {
          B: { target: 'one', actions: [{ type: 'tell', params: { place: 'two' } }, 'count'] },
          C: { target: 'two', reenter: true },
        },
        after: { 30: { actions: 'count' }, 70: 'one' },
      },
    },
    on: { D: { actions: [raise({ type: 'A' }), 'count'] }, E: { actions: 'count' } },
  })
}

/** Regions that watch one another, and history; the order in which regions act shows in the effects. */
export function regions(log: Log) {
  return setup({
    types: { context: {} as { n: number }, events: {} as Event },
    actions: {
      tell: ({ context }, params: { place: string }) => note(log, `${params.place} ${context.n}`),
      count: assign({ n: ({ context }) => context.n + 1 }),
    },
  }).createMachine({
    id: 'regions',
    context: { n: 0 },
    initial: 'on',
    states: {
      on: {
        type: 'parallel',
        states: {
          left: {
            initial: 'l1',
            states: {
              l1: {
                on: { A: 'l2' },
                always: {
                  guard: stateIn({ on: { right: 'r2' } }) as () => boolean,
                  target: 'l3',
                  actions: { type: 'tell', params: { place: 'left' } },
                },
              },
              l2: { on: { A: 'l1', B: 'l3' }, after: { 40: 'l1' } },
              l3: { entry: 'count', on: { A: 'l2', C: 'l1' } },
            },
          },
          right: {
            initial: 'r1',
            states: {
              r1: { on: { B: 'r2' }, entry: { type: 'tell', params: { place: 'r1' } } },
              r2: {
                on: { A: 'r1' },
                after: { 60: 'r1' },
                always: {
                  guard: ({ context }) => context.n % 3 === 2,
                  target: 'r1',
                  actions: ['count', { type: 'tell', params: { place: 'right' } }],
                },
              },
            },
          },
          idle: {},
          back: { type: 'history', history: 'deep' },
        },
        on: { D: 'off' },
      },
      off: { on: { D: 'on.back', E: 'on' }, entry: 'count' },
    },
  })
}

/** Children of children, spawned and stopped, that talk to one another now and later, with references kept. */
export function family(log: Log) {
  const grandchild = setup({
    types: { context: {} as { n: number }, events: {} as { type: 'PING' } | { type: 'END' } },
    actions: { tell: ({ context }) => note(log, `grandchild ${context.n}`) },
  }).createMachine({
    context: { n: 0 },
    initial: 'on',
    states: {
      on: {
        on: { PING: { actions: [assign({ n: ({ context }) => context.n + 1 }), 'tell'] }, END: 'off' },
        after: { 90: { actions: sendParent({ type: 'LATE' }) } },
      },
      off: { type: 'final' },
    },
    output: ({ context }) => context.n,
  })
  const child = setup({
    actors: { grandchild },
    types: {
      context: {} as { results: number[]; late: number },
      events: {} as { type: 'PING' } | { type: 'END' } | { type: 'LATE' },
    },
  }).createMachine({
    context: { results: [], late: 0 },
    invoke: {
      src: 'grandchild',
      id: 'g',
      onDone: {
        actions: assign({ results: ({ context, event }) => [...context.results, event.output as number] }),
      },
    },
    on: {
      PING: { actions: sendTo('g', { type: 'PING' }, { delay: 20 }) },
      END: { actions: sendTo('g', { type: 'END' }) },
      LATE: { actions: [assign({ late: ({ context }) => context.late + 1 }), sendParent({ type: 'E' })] },
    },
  })
  const tally = fromTransition((sum: number, event: { type: 'ADD'; by: number }) => sum + event.by, 0)
  return setup({
    actors: { child, tally },
    types: {
      context: {} as { kids: Map<string, AnyActorRef>; born: number; heard: number; last?: AnyActorRef },
      events: {} as Event,
      emitted: {} as { type: 'born'; n: number },
    },
    actions: { tell: ({ context }) => note(log, `family ${context.born} ${context.heard}`) },
  }).createMachine({
    id: 'family',
    context: { kids: new Map(), born: 0, heard: 0 },
    invoke: {
      src: 'tally',
      id: 'tally',
      systemId: 'tally',
      onSnapshot: { actions: assign({ heard: ({ context }) => context.heard + 1 }) },
    },
    on: {
      A: {
        actions: [
          assign(({ context, spawn }) => {
            const id = `kid${context.born}`
            const kid = spawn('child', { id })
            return { kids: new Map(context.kids).set(id, kid), born: context.born + 1, last: kid }
          }),
          emit(({ context }) => ({ type: 'born' as const, n: context.born })),
          'tell',
        ],
      },
      B: {
        actions: enqueueActions(({ context, enqueue }) => {
          for (const kid of context.kids.values()) enqueue.sendTo(kid, { type: 'PING' })
          enqueue.sendTo('tally', { type: 'ADD', by: context.kids.size })
        }),
      },
      C: {
        guard: ({ context }) => context.kids.size > 0,
        actions: [
          stopChild(({ context }) => [...context.kids.values()][0] as AnyActorRef),
          assign({ kids: ({ context }) => new Map([...context.kids].slice(1)) }),
          'tell',
        ],
      },
      D: {
        actions: enqueueActions(({ context, enqueue }) => {
          if (context.last !== undefined && context.kids.size > 0)
            enqueue.sendTo(context.last, { type: 'END' })
          enqueue.cancel('soon')
          enqueue.raise({ type: 'B' }, { id: 'soon', delay: 35 })
        }),
      },
      E: { actions: ['tell', cancel('soon')] },
    },
  })
}

/** Callbacks that are told things, started and stopped. */
export function connection(log: Log) {
  return setup({
    types: { context: {} as { n: number }, events: {} as Event },
    actors: {
      socket: fromCallback<{ type: 'SAY'; n: number }>(({ receive }) => {
        receive(({ n }) => note(log, `socket ${n}`))
      }),
    },
    actions: { count: assign({ n: ({ context }) => context.n + 1 }) },
  }).createMachine({
    id: 'connection',
    context: { n: 0 },
    initial: 'off',
    states: {
      off: { on: { A: 'on' } },
      on: {
        invoke: { src: 'socket', id: 'socket' },
        on: {
          B: { actions: ['count', sendTo('socket', ({ context }) => ({ type: 'SAY', n: context.n }))] },
          C: 'off',
          D: { target: 'on', reenter: true },
        },
        exit: sendTo('socket', { type: 'SAY', n: -1 }),
        after: { 80: 'off' },
      },
    },
  })
}
