import { assign, createMachine } from 'xstate'

export const passed = new WeakMap<object, number>()

/** It counts beside its context, where no checkpoint sees it. */
export const turnstile = createMachine({
  id: 'turnstile',
  context: { passed: 0 },
  initial: 'closed',
  states: {
    closed: { on: { PAY: 'open' } },
    open: {
      on: {
        PASS: {
          target: 'closed',
          actions: assign(({ self }) => {
            passed.set(self, (passed.get(self) ?? 0) + 1)
            return { passed: passed.get(self) ?? 0 }
          }),
        },
      },
    },
  },
})
