// Services for threads that share the plans of one verification.
import { isMainThread } from 'node:worker_threads'
import * as fc from 'fast-check'
import { defineService } from 'tardigrade'
import { assign, setup } from 'xstate'

/** States, a timer, an action, and nothing that could go wrong. */
export const sound = setup({ actions: { tell: () => {} } }).createMachine({
  id: 'sound',
  context: { n: 0 },
  initial: 'off',
  states: {
    off: {
      on: { ADD: { target: 'on', actions: [assign({ n: ({ context }) => (context.n + 1) % 3 }), 'tell'] } },
    },
    on: { after: { 70: 'off' }, on: { ADD: 'off', REST: {} } },
  },
})

/** Counts beside its snapshot from the third state on, so that some plans show it and most do not. */
const counts = new WeakMap()
export const rare = setup({
  actions: {
    count: assign(({ self, event }) => {
      counts.set(self, (counts.get(self) ?? 0) + (event.by ?? 1))
      return { n: counts.get(self) }
    }),
  },
}).createMachine({
  id: 'rare',
  context: { n: 0 },
  initial: 'a',
  states: {
    a: { on: { ADD: 'b' } },
    b: { on: { ADD: 'c', REST: 'a' } },
    c: { on: { ADD: { actions: 'count' }, REST: 'a' } },
  },
})

let calls = 0
export const flaky = setup({}).createMachine({
  id: 'flaky',
  context: { n: 0 },
  on: { ADD: { actions: assign({ n: () => calls++ }) } },
})

/** Differs from itself in a worker alone, so that nobody finds it again. */
export const gone = setup({}).createMachine({
  id: 'gone',
  context: { n: 0 },
  on: { ADD: { actions: assign({ n: () => (isMainThread ? 0 : calls++) }) } },
})

const inWorkers = (id, act) =>
  setup({}).createMachine({
    id,
    on: {
      ADD: {
        actions: assign(() => {
          if (!isMainThread && ++calls > 100) act()
          return {}
        }),
      },
    },
  })

export const dying = inWorkers('dying', () => process.exit(3))
export const throwing = inWorkers('throwing', () => void Promise.reject(new Error('nobody hears of this')))
export const hanging = inWorkers('hanging', () =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
)

/** No end of its states. */
export const endless = setup({}).createMachine({
  id: 'endless',
  context: { n: 0 },
  on: { ADD: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
})

export const verify = {
  events: [
    fc.record({ type: fc.constant('ADD'), by: fc.integer({ min: 1, max: 1_000_000 }) }),
    { type: 'REST' },
  ],
  invariants: { 'it is': () => true },
}

export const service = defineService({ id: 'sound', version: 2, machine: sound })
export const unlike = 'no options'
