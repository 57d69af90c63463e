import { defineService, type TaskScope, task } from 'tardigrade'
import { assign, setup } from 'xstate'

/** Counts, and says so. */
export const counter = (log: string[] = []) =>
  defineService({
    id: 'counter',
    version: 1,
    pauseOn: ['offline'],
    maxPendingEvents: 50,
    machine: setup({
      types: {
        context: {} as { n: number; seen: string[] },
        events: {} as
          | { type: 'INC'; by?: number }
          | { type: 'ADD' }
          | { type: 'BOOM' }
          | { type: 'END' }
          | { type: 'LATER' },
        emitted: {} as { type: 'counted'; n: number },
      },
      actions: { tell: ({ context }) => void log.push(`n=${context.n}`) },
    }).createMachine({
      id: 'counter',
      context: { n: 0, seen: [] },
      initial: 'on',
      states: {
        on: {
          on: {
            INC: {
              actions: [assign({ n: ({ context, event }) => context.n + (event.by ?? 1) }), 'tell'],
            },
            // Without an effect, so that nothing but its commit is owed.
            ADD: { actions: assign({ n: ({ context }) => context.n + 1 }) },
            BOOM: {
              actions: assign(() => {
                throw new Error('boom')
              }),
            },
            END: 'off',
            LATER: 'later',
          },
        },
        later: { after: { 1000: { target: 'on', actions: 'tell' } } },
        off: { type: 'final' },
      },
    }),
  })

/** A task that waits, chunk by chunk, until it is let on. */
export function waiter() {
  let go = () => {}
  const trace: string[] = []
  const work = task(async ({ progress, signal, step }: TaskScope<unknown, number>) => {
    try {
      for (let at = progress.value ?? 0; ; at++) {
        trace.push(`begin ${at}`)
        await new Promise<void>((resolve) => {
          go = resolve
          signal.addEventListener('abort', () => resolve())
        })
        trace.push(`end ${at}`)
        await progress.set(at + 1)
        await step(`after ${at}`, () => {})
      }
    } finally {
      trace.push('cleanup')
    }
  })
  const machine = setup({ actors: { work } }).createMachine({
    id: 'waiter',
    invoke: { src: 'work', id: 'work' },
  })
  return { definition: defineService({ id: 'waiter', version: 1, machine }), trace, go: () => go() }
}
