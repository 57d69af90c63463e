import { type AnyActorRef, assign, setup } from 'xstate'

/** Counts beside its snapshot, where no checkpoint sees it: every interruption that ends a life must be caught. */
export function canary() {
  const counts = new WeakMap<AnyActorRef, number>()
  return setup({
    types: { context: {} as { n: number }, events: {} as { type: 'ADD' } | { type: 'REST' } },
    actions: {
      count: assign(({ self }) => {
        counts.set(self, (counts.get(self) ?? 0) + 1)
        return { n: counts.get(self) ?? 0 }
      }),
    },
  }).createMachine({ id: 'canary', context: { n: 0 }, on: { ADD: { actions: 'count' }, REST: {} } })
}

/** Counts, and there is no end of it. */
export const counter = setup({
  types: { context: {} as { n: number }, events: {} as { type: 'ADD' } },
}).createMachine({
  id: 'counter',
  context: { n: 0 },
  on: { ADD: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
})

/** A state that opens when something was counted; an action that tells; a timer back. */
export const gate = setup({
  types: { context: {} as { n: number }, events: {} as { type: 'KNOCK' } | { type: 'SHUT' } },
  actions: { tell: () => {} },
  guards: { enough: ({ context }) => context.n >= 2 },
}).createMachine({
  id: 'gate',
  context: { n: 0 },
  initial: 'shut',
  states: {
    shut: {
      on: {
        KNOCK: [
          { guard: 'enough', target: 'open', actions: ['tell', assign({ n: 0 })] },
          { actions: assign({ n: ({ context }) => context.n + 1 }) },
        ],
      },
    },
    open: { after: { 60000: 'shut' }, on: { SHUT: 'shut' } },
  },
})

/** What verifying it throws. */
export async function thrownBy(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => undefined,
    (error: unknown) => error,
  )
}
